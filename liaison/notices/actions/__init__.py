"""Verbs on notices, what is sent of them, and how."""

from liaison.notices.actions.channels import (
    add_channel,
    change_address,
    switch_channel,
    try_channel,
)
from liaison.notices.actions.choosing import channels_of, choose_channels
from liaison.notices.actions.retrying import retry_delivery
from liaison.notices.actions.telling import mark_all_read, mark_read, notify, one_line
from liaison.notices.actions.texting import can_text, drop_text, text

__all__ = [
    "add_channel",
    "can_text",
    "change_address",
    "channels_of",
    "choose_channels",
    "drop_text",
    "mark_all_read",
    "mark_read",
    "notify",
    "one_line",
    "retry_delivery",
    "switch_channel",
    "text",
    "try_channel",
]
