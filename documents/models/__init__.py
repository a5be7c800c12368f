from documents.models.document import (
    Addressed,
    Document,
    DocumentFile,
    Opening,
    Reply,
    ReplyFile,
)
from documents.models.order import Answer, Order, OrderItem, OrderNumbering, Postponement

__all__ = [
    "Addressed",
    "Answer",
    "Document",
    "DocumentFile",
    "Opening",
    "Order",
    "OrderItem",
    "OrderNumbering",
    "Postponement",
    "Reply",
    "ReplyFile",
]
