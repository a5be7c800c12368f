"""Looking for a piece of text: what is found does not depend on how much is found."""

import pytest
from django.db import connection
from django.db.models import Q

from enterprises.models import Contact, Enterprise
from issues.models import Issue
from liaison.core import text_search
from liaison.core.literals import literally
from tests import factories as make

pytestmark = pytest.mark.django_db

# What means something to SQL, to LIKE or to the driver, and what stands beside it.
AWKWARD = ("100%棉", "100棉", "O'Neill示例", "示例\\厂", "示例_厂", "示例%s厂", "示例$1厂")


@pytest.fixture(params=[0, 1, 1000], ids=lambda few: f"few={few}")
def few(request, monkeypatch):
    """At 0 whatever is found is frequent, at 1000 nothing is."""
    monkeypatch.setattr(text_search, "FEW", request.param)


@pytest.fixture
def bureau():
    """Over the station of the enterprises, beside another."""
    return make.BureauUserFactory()


@pytest.fixture
def station(bureau):
    return make.StationFactory(parent=bureau.unit)


@pytest.mark.usefixtures("few")
def test_enterprises_are_found_in_every_way_and_only_those_one_sees(bureau, station):
    named = make.EnterpriseFactory(unit=station, name="示例海棠机械", credit_code="")
    reached = make.EnterpriseFactory(unit=station, name="示例青禾食品", credit_code="")
    make.ContactFactory(enterprise=reached, name="海棠机", phone="13912345678")
    coded = make.EnterpriseFactory(
        unit=station, name="示例北辰家居", credit_code="91370285MA3C123457"
    )
    elsewhere = make.EnterpriseFactory(name="别处海棠机械", credit_code="91370285MA3C123457")
    make.ContactFactory(enterprise=elsewhere, name="海棠机", phone="13912345678")
    seen = Enterprise.objects.visible_to(bureau)
    found = {
        words: set(seen.matching(words))
        for words in ("海棠机", "htjx", "13912345678", "91370285", "没有的")
    }
    assert found == {
        "海棠机": {named, reached},
        "htjx": {named},
        "13912345678": {reached},
        "91370285": {coded},
        "没有的": set(),
    }
    squad = make.UserFactory(unit=make.SquadFactory(parent=station))
    assert not Enterprise.objects.visible_to(squad).matching("海棠机").exists()


@pytest.mark.usefixtures("few")
def test_lines_are_found_in_every_way_and_only_those_one_sees(bureau, station):
    titled = make.RaisedIssueFactory(enterprise__unit=station, title="海棠机旁堆料")
    named = make.RaisedIssueFactory(enterprise__unit=station, enterprise__name="示例海棠机械")
    make.RaisedIssueFactory(title="海棠机旁堆料", enterprise__name="别处海棠机械")
    seen = Issue.objects.visible_to(bureau)
    assert set(seen.matching("海棠机")) == {titled, named}
    assert set(seen.matching(titled.number.lower()[2:])) == {titled}
    assert not seen.matching("没有的").exists()


@pytest.mark.parametrize("often", [1, 1000])
@pytest.mark.usefixtures("few")
def test_two_characters_are_enough(bureau, station, often, monkeypatch):
    """Also by somebody whose rows tell beforehand that all words are frequent, or none."""
    monkeypatch.setattr(text_search, "OFTEN", often)
    named = make.EnterpriseFactory(unit=station, name="示例海棠机械A座")
    reached = make.EnterpriseFactory(unit=station, name="示例青禾食品")
    make.ContactFactory(enterprise=reached, name="欧阳海棠")
    titled = make.RaisedIssueFactory(enterprise=reached, title="消防通道堆料")
    make.EnterpriseFactory(name="别处海棠机械A座")
    enterprises = Enterprise.objects.visible_to(bureau)
    expected = {"海棠": {named, reached}, "a座": {named}, "棠海": set(), "欧阳": {reached}}
    for by in (None, bureau):
        assert {words: set(enterprises.matching(words, by)) for words in expected} == expected
    desk = make.DeskFactory(unit=station)
    for by in (None, bureau, desk):
        lines = Issue.objects.visible_to(by or bureau)
        assert lines.matching("堆料", by).get() == lines.matching("青禾", by).get() == titled


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", AWKWARD)
def test_words_are_never_read_as_anything_but_words(name, bureau, station):
    made = {one: make.EnterpriseFactory(unit=station, name=one) for one in AWKWARD}
    assert set(Enterprise.objects.visible_to(bureau).matching(name)) == {made[name]}


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("model", "way", "index"),
    [
        (Enterprise, {"name__icontains": "海棠机"}, "enterprise_text"),
        (Enterprise, {"initials__icontains": "htjx"}, "enterprise_text"),
        (Enterprise, {"credit_code__istartswith": "91370285"}, "enterprise_text"),
        (Contact, {"name__icontains": "欧阳海"}, "contact_text"),
        (Contact, {"phone__icontains": "1391234"}, "contact_text"),
        (Issue, {"number__icontains": "0001-2026"}, "issue_text"),
        (Issue, {"title__icontains": "海棠机"}, "issue_text"),
        (Enterprise, {"name__holds_pair": "海棠"}, "enterprise_pairs"),
        (Contact, {"name__holds_pair": "欧阳"}, "contact_pairs"),
        (Issue, {"number__holds_pair": "绿林"}, "issue_pairs"),
        (Issue, {"title__holds_pair": "海棠"}, "issue_pairs"),
    ],
)
def test_every_way_has_its_index(model, way, index):
    with connection.cursor() as cursor:
        # A handful of rows is read quicker without any.
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert f"Index Scan on {index}" in model.objects.filter(literally(Q(**way))).explain()


@pytest.mark.postgres
def test_letters_of_chinese_count_as_letters_in_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('海棠机械'))")
        assert cursor.fetchone() == (5,)


@pytest.mark.postgres
@pytest.mark.usefixtures("few")
def test_a_word_and_a_bureau_are_known_when_it_is_planned(bureau, station):
    make.RaisedIssueFactory(enterprise__unit=station, enterprise__name="示例海棠机械")
    given = []

    def note(execute, sql, params, many, context):
        given.extend(params or ())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert Enterprise.objects.visible_to(bureau).matching("海棠机").get()
        assert Issue.objects.visible_to(bureau).matching("海棠机").get()
    assert not [one for one in given if isinstance(one, str)], given
