from documents.actions.ordering import issue_order, may_issue, revoke_order
from documents.actions.publishing import may_withdraw, publish, withdraw
from documents.actions.reading import acknowledge, open_document, reply
from documents.actions.rectifying import answer_item, look_at, may_look, receive_order

__all__ = [
    "acknowledge",
    "answer_item",
    "issue_order",
    "look_at",
    "may_issue",
    "may_look",
    "may_withdraw",
    "open_document",
    "publish",
    "receive_order",
    "reply",
    "revoke_order",
    "withdraw",
]
