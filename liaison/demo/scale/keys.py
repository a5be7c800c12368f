"""Which primary keys belong to which station: the same, however many stations there are."""

from django.db.models import Model

from enterprises.models import Assignment, Contact, Cover, Enterprise, Reminder, StageChange
from issues.models import (
    Callback,
    CloseOut,
    Escalation,
    Event,
    Extension,
    Issue,
    Numbering,
    Pause,
)
from liaison.accounts.models import Unit, User
from liaison.audit.models import Entry
from liaison.notices.models import Notice
from visits.models import Finding, Inspection, Promise, Visit

MOST_STATIONS = 9_999
# Rows of one station at most. Station n has the keys from (n - 1) times this + 1 on.
ROOM: dict[type[Model], int] = {
    User: 100,
    Enterprise: 200,
    Contact: 400,
    StageChange: 400,
    Assignment: 400,
    Cover: 10,
    Reminder: 400,
    Visit: 1_000,
    Promise: 200,
    Inspection: 40,
    Inspection.officers.through: 80,
    Finding: 50,
    Issue: 400,
    Event: 4_000,
    Escalation: 1_000,
    Pause: 200,
    CloseOut: 600,
    Callback: 600,
    Extension: 100,
    Numbering: 5,
    Notice: 400,
    Entry: 400,
}
# Units and the people of bureaus come before, or after, all stations.
FIRST_STATION = 1_001
FIRST_BUREAU_PERSON = MOST_STATIONS * ROOM[User] + 1


def first_key(model: type[Model], station: int) -> int:
    return (station - 1) * ROOM[model] + 1


def beyond(model: type[Model]) -> int:
    """The first key that no station will ever ask for: what people add begins here."""
    if model is Unit:
        return FIRST_STATION + MOST_STATIONS
    if model is User:
        return FIRST_BUREAU_PERSON + FIRST_STATION
    return MOST_STATIONS * ROOM[model] + 1
