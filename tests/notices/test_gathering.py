"""What sweeps mention: once, to those who are there, and told as one notice each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from liaison.notices.gathering import Saying, mention, tell_gathered
from liaison.notices.models import Delivery, Mention, Notice
from tests import factories as make
from tests.races.threads import all_at_once

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


def saying(occasion, **more):
    given = {"kind": "test", "title": f"示例{occasion}", "text": "说明", "url": "/issues/"} | more
    return Saying(occasion, **given)


def mention_to(*people, occasions="abc", **more):
    return mention(
        [(person.pk, saying(one, **more)) for person in people for one in occasions], now=NOW
    )


@pytest.mark.django_db
def test_each_occasion_is_mentioned_once_and_never_to_somebody_who_has_left():
    there, gone = make.OfficerFactory(), make.OfficerFactory(is_active=False)
    assert mention_to(there, gone, occasions="ab") == 2
    assert mention_to(there, gone, occasions="bc", title="后来") == 1
    rows = Mention.objects.order_by("occasion")
    assert [(one.recipient, one.title) for one in rows] == [
        (there, "示例a"), (there, "示例b"), (there, "后来"),
    ]  # fmt: skip
    assert {one.made_at for one in rows} == {NOW}


@pytest.mark.django_db
def test_what_was_told_long_ago_is_not_mentioned_again():
    officer = make.OfficerFactory()
    mention_to(officer, occasions="a")
    tell_gathered(NOW)
    Notice.objects.update(read_at=NOW)
    assert mention_to(officer, occasions="a") == 0
    assert tell_gathered(LATER) == {}
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_any_number_costs_a_few_queries():
    people = [make.OfficerFactory() for _ in range(40)]
    told = [(one.pk, saying(f"{n}")) for one in people for n in range(50)]
    with CaptureQueriesContext(connection) as queries:
        assert mention(told, now=NOW) == 2000
    inserts = [one["sql"] for one in queries if one["sql"].startswith("INSERT")]
    assert len(queries) - len(inserts) <= 7
    assert len(inserts) < 40  # SQLite takes about a hundred rows a statement


@pytest.mark.django_db
def test_an_address_elsewhere_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no path"):
        mention_to(make.OfficerFactory(), url="https://elsewhere")


@pytest.mark.django_db
def test_a_sweep_undone_has_mentioned_nothing():
    with transaction.atomic():
        mention_to(make.OfficerFactory())
        transaction.set_rollback(True)
    assert not Mention.objects.exists()


@pytest.mark.django_db
def test_what_was_mentioned_cannot_be_changed():
    mention_to(make.OfficerFactory(), occasions="a")
    for name, value in {"title": "x", "text": "x", "url": "/x", "rank": 9}.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            Mention.objects.update(**{name: value})


@pytest.mark.django_db
def test_one_alone_is_told_in_its_own_words():
    officer = make.OfficerFactory()
    mention_to(officer, occasions="a", confidential=True, url="/issues/?late=1")
    assert tell_gathered(LATER) == {"notices": 1}
    told = Notice.objects.get()
    assert (told.recipient, told.occasion, told.kind, told.title, told.text) == (
        officer, "a", "test", "示例a", "说明",
    )  # fmt: skip
    assert (told.url, told.confidential, told.made_at) == ("/issues/?late=1", True, LATER)
    assert Mention.objects.get().notice == told


@pytest.mark.django_db
def test_several_are_one_notice_the_most_urgent_first(configured):
    officer = make.reachable(make.OfficerFactory())
    other = make.OfficerFactory()
    for rank in (5, 1, 3):
        mention_to(officer, occasions=[f"{rank}"], rank=rank)
    mention_to(other, occasions="a")
    assert tell_gathered(LATER) == {"notices": 2}
    told = Notice.objects.get(recipient=officer)
    assert told.kind == "digest"
    assert "3" in told.title
    assert "示例1" in told.title
    assert told.text.splitlines() == ["示例1", "示例3", "示例5"]
    assert told.leads_to == f"/notices/{told.pk}/"
    assert list(told.mentions.coldest_first().values_list("rank", flat=True)) == [1, 3, 5]
    delivery = Delivery.objects.get()
    assert (delivery.notice, delivery.due_at) == (told, LATER)
    assert tell_gathered(LATER) == {}


@pytest.mark.django_db
def test_a_digest_names_nothing_confidential(configured):
    officer = make.reachable(make.OfficerFactory())
    mention_to(officer, occasions="a", title="铝锭失窃线索", confidential=True, rank=-1)
    mention_to(officer, occasions="b", title="走访到期")
    tell_gathered(NOW)
    told = Notice.objects.get()
    assert "失窃" not in told.title + told.text
    assert "走访到期" in told.title


@pytest.mark.django_db
def test_a_digest_of_very_many_says_how_many_more():
    officer = make.OfficerFactory()
    mention_to(officer, occasions=[f"{n}" for n in range(100, 160)])
    tell_gathered(NOW)
    lines = Notice.objects.get().text.splitlines()
    assert len(lines) == 11
    assert "50" in lines[-1]


@pytest.mark.django_db
def test_what_comes_after_a_digest_is_another(configured):
    officer = make.OfficerFactory()
    mention_to(officer, occasions="ab")
    tell_gathered(NOW)
    mention_to(officer, occasions="abcd")
    tell_gathered(LATER)
    assert [one.mentions.count() for one in Notice.objects.order_by("id")] == [2, 2]


@pytest.mark.django_db
def test_one_with_whom_something_is_wrong_holds_up_no_other(caplog):
    people = [make.OfficerFactory() for _ in range(3)]
    mention_to(people[0], people[2])
    # As a mistake of ours would leave it: refused when it is told.
    poisoned = Mention.objects.create(recipient=people[1], occasion="a", url="https://elsewhere")
    assert tell_gathered(NOW) == {"notices": 2, "failed": 1}
    assert set(Notice.objects.values_list("recipient", flat=True)) == {people[0].pk, people[2].pk}
    assert poisoned in Mention.objects.untold()
    assert str(people[1].pk) in caplog.text


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_one_notice_each_however_many_tell_at_once(configured):
    people = [make.reachable(make.OfficerFactory()) for _ in range(3)]

    def sweep():
        mention_to(*people)
        tell_gathered(NOW)

    all_at_once([sweep] * 8)
    tell_gathered(NOW)  # the last may have been overtaken
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == [one.pk for one in people]
    assert Delivery.objects.count() == 3
    assert Mention.objects.filter(notice__isnull=False).count() == 9
