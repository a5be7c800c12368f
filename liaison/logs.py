"""What is logged, and what is kept out of the log."""

from typing import Any


def logs(level: str) -> dict[str, Any]:
    """Everything from this level up, to the console, without secrets."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "filters": {"secrets": {"()": "liaison.core.log_secrets.HideSecrets"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["secrets"],
            },
            "null": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # The development server writes every request through a handler of its own.
            "django.server": {"handlers": ["console"], "propagate": False},
            # What these two have to say names addresses with keys and passwords in them. What went
            # wrong is written on the delivery.
            "apprise": {"handlers": ["null"], "level": "WARNING", "propagate": False},
            "urllib3": {"level": "WARNING"},
            # They tell every step of setting a font.
            "fontTools": {"level": "WARNING"},
            "fpdf": {"level": "WARNING"},
        },
    }
