"""What a phone keeps, as it reads it; and its shape, name by name: programs on phones out there
count on it."""

from tests.api.people import client_of

WHOLE = frozenset(
    {"today", "enterprises", "issues", "inbox", "unread", "choices", "plan", "position"}
)
OTHER = frozenset({"id", "name", "initials", "address", "longitude", "latitude", "mine"})
OWN = OTHER | {
    "part", "part_label", "kind_label", "grade", "grade_label", "tier_label", "stage_label", "gate",
    "due_on", "overdue", "why_due", "contacts", "visits", "promises",
}  # fmt: skip
CONTACT = frozenset({"id", "name", "position", "phone", "in_charge"})
VISIT = frozenset({"id", "channel_label", "happened_at", "officer", "summary"})
PROMISE = frozenset({"id", "text", "due_on"})
LINE = frozenset(
    {
        "id", "number", "title", "text", "kind", "kind_label", "level", "level_label", "stage",
        "stage_label", "version", "enterprise", "enterprise_name", "handler", "mine", "raised_at",
        "respond_due_at", "resolve_due_at", "next_due_at", "clock_label", "overdue",
        "proofs_missing", "moves", "events",
    }
)  # fmt: skip
HANDLER = frozenset({"id", "name"})
MOVE = frozenset({"move", "label", "tone", "to", "fields", "evidence", "claims"})
FIELD = frozenset({"name", "label", "kind", "required", "max_length"})
EVENT = frozenset({"at", "actor", "label", "text", "stage_label"})
NOTICE = frozenset({"id", "title", "text", "at", "read", "url"})
CHOICES = frozenset({"channels", "roles", "fronts", "levels", "proofs", "kinds", "stages", "moves"})
KIND = frozenset({"code", "name", "proofs"})
POSITION = frozenset({"consent", "on_shift", "ends_by"})

# By the names of the API's description.
DESCRIBED = {
    "PhoneData": WHOLE,
    "OtherEnterprise": OTHER,
    "OwnEnterprise": OWN,
    "OwnContact": CONTACT,
    "OwnVisit": VISIT,
    "OwnPromise": PROMISE,
    "PhoneLine": LINE,
    "Handler": HANDLER,
    "PhoneMove": MOVE,
    "PhoneMoveField": FIELD,
    "LineEvent": EVENT,
    "InboxNotice": NOTICE,
    "PhoneChoices": CHOICES,
    "OfferedKind": KIND,
    "PositionKeeping": POSITION,
}


def data_of(person):
    answer = client_of(person).get("/mobile/data/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def mine(data):
    return {one["id"]: one for one in data["enterprises"] if one["mine"]}


def lines(data):
    return {one["id"]: one for one in data["issues"]}


def moves(data):
    return {one["move"]: one for one in data["choices"]["moves"]}
