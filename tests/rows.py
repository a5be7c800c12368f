"""Every row of ours, to see what a test has left as it was."""

from typing import Any

from django.apps import apps

OURS = (
    "accounts", "audit", "authtoken", "calendars", "documents", "enterprises", "evidence",
    "green_channel", "issues", "jobs", "law", "mobile", "notices", "patrols", "summaries", "visits",
    "whereabouts", "workers",
)  # fmt: skip


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours, to see that nothing has changed."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }
