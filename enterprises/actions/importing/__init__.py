"""Verbs on enterprise lists: preview, apply or discard, undo."""

from enterprises.actions.importing.batches import (
    apply_import,
    discard_import,
    discard_old_previews,
    import_list,
    preview_import,
    renew_preview,
)
from enterprises.actions.importing.carrying import known_at
from enterprises.actions.importing.undoing import undo_import

__all__ = [
    "apply_import",
    "discard_import",
    "discard_old_previews",
    "import_list",
    "known_at",
    "preview_import",
    "renew_preview",
    "undo_import",
]
