"""Verbs on lists of workers and on workers."""

from workers.actions.applying import apply_file, discard_file, renew_preview
from workers.actions.exporting import record_export, whole_numbers
from workers.actions.photos import add_photo, add_photos
from workers.actions.previewing import preview_list
from workers.actions.revealing import reveal_number
from workers.actions.statuses import mark_workers

__all__ = [
    "add_photo",
    "add_photos",
    "apply_file",
    "discard_file",
    "mark_workers",
    "preview_list",
    "record_export",
    "renew_preview",
    "reveal_number",
    "whole_numbers",
]
