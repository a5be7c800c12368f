"""What is read once a class is what REST framework itself would have read for every row; and what a
list reads of its rows shows the same as whole rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework import serializers

from enterprises.api import ContactSerializer, EnterpriseDetailSerializer, EnterpriseSerializer
from enterprises.models import Cadence, Contact, Enterprise
from issues.api.answers import (
    EventSerializer,
    IssueDetailSerializer,
    IssueSerializer,
    KindSerializer,
)
from issues.models import Event, Issue, IssueKind
from liaison.accounts.api import MeSerializer, OfficerSerializer, PersonSerializer
from liaison.accounts.models import User
from liaison.core.api.columns import shown_columns
from liaison.core.api.shown import ShownRow
from liaison.evidence.api import EvidenceSerializer
from liaison.evidence.models import Evidence
from liaison.notices.api import NoticeSerializer
from liaison.notices.models import Notice
from tests import factories as make
from visits.actions import Found, Promised
from visits.api import VisitSerializer, VisitViewSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(rf):
    """A station at work, and a request of one of its chiefs."""
    line = make.ProposedIssueFactory()
    make.RaisedIssueFactory(enterprise=line.enterprise)
    # Nobody answers for it, and it has no clock of its own.
    bare = make.EnterpriseFactory(unit=line.unit)
    Cadence.objects.filter(enterprise=bare).delete()
    make.RaisedIssueFactory(enterprise=bare)
    make.ContactFactory(enterprise=line.enterprise)
    make.VisitFactory(enterprise=line.enterprise, by=line.handler)
    make.VisitFactory(
        enterprise=line.enterprise,
        by=line.handler,
        findings=[Found(make.kind_of("hazard"), f"示例堆料{n}") for n in (1, 2)],
        promises=[Promised("回访", timezone.localdate()), Promised("送资料", None)],
    )
    make.EvidenceFactory(by=line.handler)
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
    EventSerializer: lambda asked: Event.objects.prefetch_related("attachments"),
    EvidenceSerializer: lambda asked: Evidence.objects.all(),
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


READ_BY_COLUMNS = [serializer for serializer in ROWS if shown_columns(serializer)]


def by_columns(serializer, rows):
    columns = shown_columns(serializer)
    page = list(columns.of(rows))
    columns.fill(page, rows)
    return page


def test_the_lists_that_are_long_read_no_whole_rows():
    assert {EnterpriseSerializer, IssueSerializer, VisitSerializer} <= set(READ_BY_COLUMNS)
    assert {EventSerializer, OfficerSerializer, EvidenceSerializer} <= set(READ_BY_COLUMNS)
    # Of these something is asked that columns do not tell.
    whole = {EnterpriseDetailSerializer, IssueDetailSerializer, KindSerializer, NoticeSerializer}
    assert whole.isdisjoint(READ_BY_COLUMNS)


@pytest.mark.parametrize("serializer", READ_BY_COLUMNS, ids=lambda one: one.__name__)
def test_columns_show_what_whole_rows_show(asked, serializer):
    shown = serializer(context={"request": asked})
    rows = ROWS[serializer](asked).order_by("pk")
    whole = [shown.to_representation(row) for row in rows]
    assert [shown.to_representation(row) for row in by_columns(serializer, rows)] == whole
    assert len(whole) > 0


def test_a_row_that_lacks_another_shows_nothing_of_it(asked):
    Issue.objects.update(handler=None)
    enterprises = by_columns(EnterpriseSerializer, ROWS[EnterpriseSerializer](asked))
    assert None in [one.cadence for one in enterprises]
    assert {one.handler for one in by_columns(IssueSerializer, ROWS[IssueSerializer](asked))} == {
        None
    }


def test_what_is_not_shown_is_not_read(asked):
    with CaptureQueriesContext(connection) as sent:
        by_columns(IssueSerializer, Issue.objects.all().for_ledger())
        by_columns(EnterpriseSerializer, Enterprise.objects.all().for_ledger())
    read = " ".join(one["sql"] for one in sent)
    assert len(sent) == 3
    for column in ("password", "last_login", "legal_representative", "awaited", "path"):
        assert f'"{column}"' not in read


def test_no_page_no_query(asked, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert by_columns(EnterpriseSerializer, Enterprise.objects.none().for_ledger()) == []


def test_a_method_of_a_subclass_is_given_the_whole_row():
    class More(EnterpriseSerializer):
        initials = serializers.SerializerMethodField()

        class Meta(EnterpriseSerializer.Meta):
            fields = ("initials",)
            read_only_fields = fields

    assert shown_columns(More) is None


def test_an_order_by_what_is_not_shown_reads_whole_rows():
    columns = shown_columns(EnterpriseSerializer)
    assert columns.hold(("-cadence__next_contact_due_on", "id"))
    assert not columns.hold(("initials", "id"))
