from liaison.notices.models.channel import (
    OF_PEOPLE,
    OF_UNITS,
    Channel,
    Choice,
    UnitChannel,
    choice_of,
    open_to,
)
from liaison.notices.models.delivery import Delivery, DeliveryQuerySet, new_message_id
from liaison.notices.models.notice import Mention, Notice, NoticeQuerySet
from liaison.notices.models.text import TextMessage

__all__ = [
    "OF_PEOPLE",
    "OF_UNITS",
    "Channel",
    "Choice",
    "Delivery",
    "DeliveryQuerySet",
    "Mention",
    "Notice",
    "NoticeQuerySet",
    "TextMessage",
    "UnitChannel",
    "choice_of",
    "new_message_id",
    "open_to",
]
