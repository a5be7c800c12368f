"""Keeps secret addresses out of the log: Django writes the path of every request that fails."""

import logging
import re

# What follows is the key itself: /feeds/<token>.ics, /i/<token>/, /l/<key>/,
# /n/<token>/, /n/c/<token>/
_SECRET = re.compile(r"(/(?:feeds|i|l|n/c|n)/)[^/\s?\"']+")


class HideSecrets(logging.Filter):
    """Put on a handler: whatever passes has its secrets blotted out, nothing is held back."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _SECRET.search(said):
            record.msg, record.args = _SECRET.sub(r"\1***", said), ()
        return True
