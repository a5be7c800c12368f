"""3月16日, not 03月16日."""

MONTH_DAY_FORMAT = "n月j日"
