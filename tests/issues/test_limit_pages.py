"""The pages on which time limits are read and set."""

import re

import pytest
from django.test import Client

from issues.models import Issue, SlaPolicy
from liaison.accounts.models import Kind
from tests import factories as make

pytestmark = pytest.mark.django_db
TERMS = {"respond_hours": "24", "resolve_days": "7", "may_pause": "on", "extension_days": "5"}


def signed_in(person):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def chief():
    return make.ChiefFactory()


@pytest.fixture
def where(chief):
    return f"/issues/limits/{chief.unit.code}/any/ordinary/"


def own(chief):
    return SlaPolicy.objects.in_force().filter(unit=chief.unit)


def agreed(page):
    return re.search(r'name="agreed" value="([0-9a-f]+)"', page.content.decode())[1]


def test_chiefs_find_it_from_the_bill_and_staff_read_it(chief, where):
    bureau = make.BureauUserFactory(unit=chief.unit.parent)
    for person in (chief, make.someone(Kind.DESK, chief.unit), make.OfficerFactory(unit=chief.unit),
                   bureau):  # fmt: skip
        client = signed_in(person)
        assert 'href="/issues/limits/"' in client.get("/issues/").content.decode()
        page = client.get("/issues/limits/").content.decode()
        assert "resolve 15 d" in page
        assert (where in page) == (person == chief)
        assert client.get(where).status_code == (200 if person == chief else 404)


def test_first_it_shows_what_it_would_do_and_then_does_it(chief, where):
    line = make.WorkingIssueFactory(kind="other", enterprise__unit=chief.unit)
    client = signed_in(chief)
    page = client.post(where, {"row": "", **TERMS, "do": "preview"})
    assert page.status_code == 200
    assert not own(chief).exists()
    text = page.content.decode()
    assert line.number in text
    assert line.title in text
    assert "1 open line is under another limit" in text
    done = client.post(where, {"row": "", **TERMS, "do": "also_open", "agreed": agreed(page)})
    assert done.status_code == 302
    assert Issue.objects.get(pk=line.pk).policy == own(chief).get()
    told = client.get("/issues/limits/").content.decode()
    assert "1 open line follows it." in told
    assert ">own<" in told


def test_for_new_lines_only(chief, where):
    line = make.WorkingIssueFactory(kind="other", enterprise__unit=chief.unit)
    client = signed_in(chief)
    assert client.post(where, {"row": "", **TERMS, "do": "keep"}).status_code == 302
    assert Issue.objects.get(pk=line.pk).policy.unit is None
    assert own(chief).get().resolve_days == 7


def test_what_has_changed_since_is_shown_anew(chief, where):
    client = signed_in(chief)
    make.WorkingIssueFactory(kind="other", enterprise__unit=chief.unit)
    page = client.post(where, {"row": "", **TERMS, "do": "preview"})
    another = make.WorkingIssueFactory(kind="other", enterprise__unit=chief.unit)
    sent = {"row": "", **TERMS, "do": "also_open"}
    again = client.post(where, {**sent, "agreed": agreed(page)})
    assert again.status_code == 409
    assert another.number in again.content.decode()
    assert not own(chief).exists()
    assert client.post(where, {**sent, "agreed": agreed(again)}).status_code == 302
    assert Issue.objects.get(pk=another.pk).policy == own(chief).get()


def test_a_colleague_was_first_and_what_was_typed_stays(chief, where):
    other = signed_in(make.ChiefFactory(unit=chief.unit))
    assert other.post(where, {"row": "", **TERMS, "resolve_days": "4", "do": "keep"})
    client = signed_in(chief)
    answer = client.post(where, {"row": "", **TERMS, "do": "keep"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody else has changed this time limit" in text
    assert 'name="resolve_days" value="7"' in text
    row = own(chief).get()
    assert row.resolve_days == 4
    assert f'name="row" value="{row.pk}"' in text
    assert client.post(where, {"row": row.pk, **TERMS, "do": "keep"}).status_code == 302
    assert own(chief).get().resolve_days == 7


@pytest.mark.parametrize("wrong", [{"resolve_days": "0"}, {"respond_hours": "x"},
                                   {"extension_days": "400"}, {"row": "x"}])  # fmt: skip
def test_nonsense_is_shown_beside_its_field(chief, where, wrong):
    answer = signed_in(chief).post(where, {"row": "", **TERMS, "do": "keep", **wrong})
    assert answer.status_code == 422
    assert not own(chief).exists()


def test_without_a_difference_it_says_so(chief, where):
    same = {**TERMS, "resolve_days": "5"}
    client = signed_in(chief)
    client.post(where, {"row": "", **same, "do": "keep"})
    row = own(chief).get()
    answer = client.post(where, {"row": row.pk, **same, "do": "preview"})
    assert answer.status_code == 422
    assert "hold already" in answer.content.decode()


def test_the_own_limit_is_dropped(chief, where):
    client = signed_in(chief)
    assert "Drop the own limit" not in client.get(where).content.decode()
    client.post(where, {"row": "", **TERMS, "do": "keep"})
    row = own(chief).get()
    assert "Drop the own limit" in client.get(where).content.decode()
    assert client.post(f"{where}drop/", {"row": row.pk}).status_code == 302
    assert not own(chief).exists()
    again = client.post(f"{where}drop/", {"row": row.pk}, follow=True).content.decode()
    assert "Somebody else has changed" in again


def test_an_administrator_at_the_top_keeps_the_general_ones(chief):
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    client = signed_in(root)
    general = "/issues/limits/all/any/ordinary/"
    line = make.WorkingIssueFactory(kind="other", enterprise__unit=chief.unit)
    assert f'href="{general}"' in client.get("/issues/limits/").content.decode()
    row = SlaPolicy.objects.in_force().get(unit=None, kind=None, level="ordinary")
    page = client.post(general, {"row": row.pk, **TERMS, "do": "preview"})
    assert "1 open line is under another limit" in page.content.decode()
    assert line.title not in page.content.decode(), "counted, but it is not theirs to read"
    sent = {"row": row.pk, **TERMS, "do": "also_open", "agreed": agreed(page)}
    assert client.post(general, sent).status_code == 302
    assert Issue.objects.get(pk=line.pk).resolve_days == 7
    assert client.post(f"{general}drop/", {"row": row.pk}).status_code == 404
    assert signed_in(chief).get(general).status_code == 404


def test_a_bureau_reads_which_stations_have_their_own(chief, where):
    signed_in(chief).post(where, {"row": "", **TERMS, "do": "keep"})
    far = make.ChiefFactory()
    bureau = signed_in(make.BureauUserFactory(unit=chief.unit.parent))
    page = bureau.get("/issues/limits/").content.decode()
    assert f"?unit={chief.unit.code}" in page
    assert "resolve 7 d" not in page
    assert "resolve 7 d" in bureau.get(f"/issues/limits/?unit={chief.unit.code}").content.decode()
    assert bureau.get(f"/issues/limits/?unit={far.unit.code}").status_code == 404
