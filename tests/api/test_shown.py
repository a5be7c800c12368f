"""What is read once a class is what REST framework itself would have read for every row."""

import pytest
from rest_framework import serializers

from enterprises.api import ContactSerializer, EnterpriseDetailSerializer, EnterpriseSerializer
from enterprises.models import Contact, Enterprise
from issues.api.answers import (
    EventSerializer,
    IssueDetailSerializer,
    IssueSerializer,
    KindSerializer,
)
from issues.models import Event, Issue, IssueKind
from liaison.accounts.api import MeSerializer, OfficerSerializer, PersonSerializer
from liaison.accounts.models import User
from liaison.core.api.shown import ShownRow
from liaison.notices.api import NoticeSerializer
from liaison.notices.models import Notice
from tests import factories as make
from visits.api import VisitSerializer, VisitViewSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(rf):
    """A station at work, and a request of one of its chiefs."""
    line = make.ProposedIssueFactory()
    make.RaisedIssueFactory(enterprise=line.enterprise)
    # Nobody answers for it, and it has no clock of its own.
    make.EnterpriseFactory(unit=line.unit)
    make.ContactFactory(enterprise=line.enterprise)
    make.VisitFactory(enterprise=line.enterprise, by=line.handler)
    make.NoticeFactory(recipient=line.handler)
    request = rf.get("/")
    request.user = make.ChiefFactory(unit=line.unit)
    return request


ROWS = {
    PersonSerializer: lambda asked: User.objects.all(),
    OfficerSerializer: lambda asked: User.objects.all(),
    MeSerializer: lambda asked: User.objects.all(),
    ContactSerializer: lambda asked: Contact.objects.all(),
    EnterpriseSerializer: lambda asked: Enterprise.objects.all().for_ledger(),
    EnterpriseDetailSerializer: lambda asked: Enterprise.objects.all().for_ledger(),
    KindSerializer: lambda asked: IssueKind.objects.all(),
    IssueSerializer: lambda asked: Issue.objects.all(),
    IssueDetailSerializer: lambda asked: Issue.objects.all().for_detail(),
    EventSerializer: lambda asked: Event.objects.all(),
    NoticeSerializer: lambda asked: Notice.objects.all(),
    VisitSerializer: lambda asked: VisitViewSet(request=asked).get_queryset(),
}


@pytest.mark.parametrize("serializer", ROWS, ids=lambda one: one.__name__)
def test_it_shows_what_the_fields_say(asked, serializer):
    shown = serializer(context={"request": asked})
    rows = list(ROWS[serializer](asked))
    assert rows
    for row in rows:
        plain = serializers.ModelSerializer.to_representation(shown, row)
        assert dict(shown.to_representation(row)) == dict(plain)
        assert list(shown.to_representation(row)) == list(shown.fields)


def test_a_class_that_shows_more_does_not_find_its_parents_fields():
    person = make.OfficerFactory()
    assert "username" not in PersonSerializer.show(person)
    assert OfficerSerializer.show(person)["username"] == person.username
    assert issubclass(OfficerSerializer, ShownRow)
