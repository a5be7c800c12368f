"""A link to one line for whoever will not sign in: what it opens and what can be said by it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from enterprises.actions import cover
from issues.actions import VERBS, make_link, note_on_issue, revoke_link
from issues.actions.engine import Proven
from issues.actions.links import confirm_by_link, may_say
from issues.models import AccessLink, Issue, Rating
from liaison.accounts.models import SignInFailure
from liaison.accounts.throttle import ADDRESS_FACTOR
from liaison.audit.models import Entry
from liaison.core.refused import Refused
from liaison.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed():
    """The enterprise's word closes it."""
    line = make.ProposedIssueFactory(kind="service")
    assert line.close_rule == "contact"
    return line


@pytest.fixture
def desk(proposed):
    return make.DeskFactory(unit=proposed.unit, name="内勤示例")


@pytest.fixture
def link(proposed, desk):
    return make.link_to(proposed, by=desk)


def visit(key, **headers):
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    return client.get(f"/l/{key}/", headers=headers)


def say(key, what, version, **fields):
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    sent = {f"{what}-{name}": value for name, value in {"version": version, **fields}.items()}
    return client.post(f"/l/{key}/", {"what": what, **sent}, headers={"Origin": "null"})


def again(line):
    return Issue.objects.get(pk=line.pk)


# --- what it opens ----------------------------------------------------------------------------


def test_it_shows_how_the_line_stands_and_till_when(proposed, link):
    answer = visit(link[1])
    assert answer.status_code == 200
    shown = answer.content.decode()
    for words in (proposed.number, proposed.kind.name_en, "Close-out proposed", "To be done by"):
        assert words in shown
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_it_names_nobody_and_shows_no_word_of_anybody(desk):
    """Whatever was typed in by anybody, public or not, and whoever had to do with it."""
    line = make.WaitingIssueFactory(
        kind="service", title="标题里的话", text="正文里的话", enterprise__name="绝密示例企业",
    )  # fmt: skip
    handler = line.handler
    file = make.EvidenceFactory(by=handler)
    note_on_issue(line, by=handler, note="公开的备注", files=[Proven(file.pk)])
    note_on_issue(line, by=handler, note="内部的备注", internal=True)
    contact = make.ContactUserFactory(enterprise=line.enterprise)
    _link, key = make_link(
        line, by=make.DeskFactory(unit=line.unit, name="某内勤"), for_whom="门卫老王"
    )
    shown = visit(key).content.decode()
    for secret in (
        line.title, line.text, line.awaited, line.awaited_from, "公开的备注", "内部的备注",
        line.enterprise.name, handler.name, handler.phone, contact.name, contact.phone, "某内勤",
        "门卫老王", str(file.pk), str(line.raised_by),
    ):  # fmt: skip
        assert secret
        assert secret not in shown, secret
    assert "Waiting for something that others bring" in shown


def test_wrong_expired_revoked_and_used_up_are_the_same_page(proposed, desk, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    keys = {"wrong": "x" * 43}
    _link, keys["replaced"] = make.link_to(proposed, by=desk)
    _link, keys["revoked"] = make.link_to(proposed, by=desk)
    revoke_link(proposed, by=desk)
    other = make.ProposedIssueFactory(kind="service", enterprise__unit=proposed.unit)
    _link, keys["expired"] = make.link_to(other, by=desk, days=1)
    third = make.ClosedIssueFactory(kind="service", enterprise__unit=proposed.unit)
    _link, keys["used up"] = make.link_to(third, by=desk)
    assert say(keys["used up"], "rate", third.version, step=5).status_code == 200
    fourth = make.ProposedIssueFactory(kind="service", enterprise__unit=proposed.unit)
    gone = make.DeskFactory(unit=proposed.unit)
    _link, keys["maker left"] = make.link_to(fourth, by=gone)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    time_machine.shift(timedelta(days=1))
    pages = set()
    for why, key in keys.items():
        answer = visit(key)
        assert answer.status_code == 404, why
        assert say(key, "confirm", 1).status_code == 404, why
        pages.add(answer.content)
    assert len(pages) == 1
    assert again(proposed).stage == "proposed"


def test_it_holds_for_seven_days_unless_said(proposed, link, time_machine, settings):
    assert settings.ACCESS_LINK_DAYS == 7
    assert link[0].expires_at - link[0].made_at == timedelta(days=7)
    time_machine.move_to(link[0].expires_at - timedelta(seconds=5), tick=False)
    assert visit(link[1]).status_code == 200
    time_machine.shift(timedelta(seconds=5))
    assert visit(link[1]).status_code == 404


def test_only_its_hash_is_kept_and_its_end_cannot_be_put_off(link):
    assert link[1] not in repr(list(AccessLink.objects.values()))
    later = link[0].expires_at + timedelta(days=90)
    with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic():
        AccessLink.objects.filter(pk=link[0].pk).update(expires_at=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessLink.objects.create(
            issue=link[0].issue, token_hash="0" * 64, for_whom="门卫", made_by=link[0].made_by,
            expires_at=later,
        )  # fmt: skip


def test_every_opening_and_use_stands_in_the_record(proposed, link):
    visit(link[1])
    visit(link[1])
    say(link[1], "confirm", proposed.version)
    deeds = Entry.objects.filter(subject_id=str(proposed.pk)).values_list("action", flat=True)
    assert list(deeds).count("issue.link_opened") == 2
    assert list(deeds).count("issue.link_made") == list(deeds).count("issue.link_used") == 1
    assert link[1] not in repr(list(Entry.objects.values()))
    opened = Entry.objects.filter(action="issue.link_opened").first()
    assert opened.changes == {"link": link[0].pk, "address": "127.0.0.1"}


def test_a_guesser_is_shut_out_and_an_old_link_is_no_guess(proposed, desk, link, settings):
    revoke_link(proposed, by=desk)
    visit(link[1])
    assert not SignInFailure.objects.exists()
    _link, key = make.link_to(proposed, by=desk)
    for n in range(settings.SIGN_IN_FAILURES * ADDRESS_FACTOR):
        assert visit(f"guess{n}").status_code == 404
    answer = visit(key)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60 * settings.SIGN_IN_LOCK_MINUTES
    assert proposed.number not in answer.content.decode()


# --- who makes it -----------------------------------------------------------------------------


def test_who_makes_it(proposed, desk):
    today = timezone.localdate()
    acting = make.OfficerFactory(unit=proposed.unit)
    cover(proposed.handler, acting, starts_on=today, ends_on=today, by=desk)
    may = [make.ChiefFactory(unit=proposed.unit), make.OfficerFactory(unit=proposed.unit), desk]
    may_not = [
        proposed.handler, acting, make.DeskFactory(),
        make.ContactUserFactory(enterprise=proposed.enterprise),
        make.BureauUserFactory(unit=proposed.unit.parent),
    ]  # fmt: skip
    for person in may:
        make.link_to(proposed, by=person)
    for person in may_not:
        with pytest.raises(Refused) as refused:
            make.link_to(proposed, by=person)
        assert refused.value.code == "not_allowed"
    assert AccessLink.objects.open().get().made_by == desk


def test_a_sensitive_line_has_none():
    lead = make.RaisedIssueFactory(kind="case_lead")
    chief = make.ChiefFactory(unit=lead.unit)
    with pytest.raises(Refused) as refused:
        make.link_to(lead, by=chief)
    assert refused.value.code == "sensitive"


def test_the_page_shows_it_once_with_its_code(proposed, desk):
    client = Client()
    client.force_login(desk)
    client.cookies["django_language"] = "en"
    where = f"/issues/{proposed.number}/link/"
    assert client.post(where, {"for_whom": "", "days": 7}).status_code == 422
    made = client.post(where, {"for_whom": "门卫", "days": 3}).content.decode()
    address = made.partition('id="link-address">')[2].partition("<")[0]
    key = address.rstrip("/").rpartition("/")[2]
    assert "<svg" in made
    assert visit(key).status_code == 200
    later = client.get(where).content.decode()
    assert key not in later
    assert "A link holds" in later
    assert client.post(f"{where}revoke/").status_code == 302
    assert visit(key).status_code == 404


# --- what is said by it -----------------------------------------------------------------------


def test_the_enterprises_word_closes_the_line(proposed, desk, link):
    answer = say(link[1], "confirm", proposed.version)
    assert answer.status_code == 200
    assert "How content are you?" in answer.content.decode()
    line = again(proposed)
    assert line.stage == "closed"
    close_out = line.close_outs.get()
    assert close_out.decided_by == desk
    assert "门卫" in close_out.confirmed_by
    assert "内勤示例" in close_out.confirmed_by
    event = line.events.get(move="close")
    assert event.actor is None
    assert event.actor_name
    assert Notice.objects.filter(recipient=line.handler, kind="issue.close").exists()


def test_not_solved_yet_goes_back_to_work(proposed, link):
    assert say(link[1], "dispute", proposed.version, words="").status_code == 422
    answer = say(link[1], "dispute", proposed.version, words="灯还是不亮")
    assert answer.status_code == 200
    line = again(proposed)
    assert line.stage == "working"
    event = line.events.get(move="dispute")
    assert (event.public, event.text) == (True, "灯还是不亮")
    assert "灯还是不亮" not in visit(link[1]).content.decode()


def test_a_low_rating_brings_it_back_and_the_link_lives_on(proposed, link):
    say(link[1], "confirm", proposed.version)
    line = again(proposed)
    assert say(link[1], "rate", line.version, step=1).status_code == 422
    assert say(link[1], "rate", line.version, step=1, words="又坏了").status_code == 200
    line = again(proposed)
    assert (line.stage, line.generation) == ("working", 2)
    rating = Rating.objects.get()
    assert (rating.way, rating.by, rating.said_by, rating.link) == ("link", None, "门卫", link[0])
    line = make.STEPS["propose"](line)
    assert say(link[1], "confirm", line.version).status_code == 200
    line = again(line)
    assert say(link[1], "rate", line.version, step=4).status_code == 200
    assert visit(link[1]).status_code == 404
    assert AccessLink.objects.get().ending == "used"


def test_an_older_page_is_told_so(proposed, link):
    answer = say(link[1], "confirm", proposed.version - 1)
    assert answer.status_code == 409
    assert again(proposed).stage == "proposed"


def test_nobody_approves_their_own_work_by_a_link(proposed, desk):
    """The handler makes none; and who made one and then got the line says nothing by it."""
    colleague = make.ChiefFactory(unit=proposed.unit)
    link, key = make.link_to(proposed, by=colleague)
    VERBS["transfer"](proposed, by=desk, version=proposed.version, handler=colleague, reason="调整")
    line = again(proposed)
    assert not may_say(link, line)
    assert "Is it solved?" not in visit(key).content.decode()
    assert say(key, "confirm", line.version).status_code == 422
    with pytest.raises(Refused) as refused:
        confirm_by_link(link, version=line.version)
    assert refused.value.code == "not_allowed"
    assert again(line).stage == "proposed"
    VERBS["close"](line, by=desk, version=line.version, confirmed_by="电话")
    line = again(line)
    assert say(key, "rate", line.version, step=5).status_code == 422
    assert not Rating.objects.exists()


def test_a_fellow_officers_link_shows_but_does_not_close(proposed):
    """Whoever could not type the enterprise's word in cannot lend a link for it either."""
    link, key = make.link_to(proposed, by=make.OfficerFactory(unit=proposed.unit))
    assert not may_say(link, proposed)
    assert visit(key).status_code == 200
    assert say(key, "confirm", proposed.version).status_code == 422
    assert again(proposed).stage == "proposed"


def test_a_line_that_the_station_closes_is_not_closed_by_link():
    line = make.ProposedIssueFactory(kind="hazard")
    assert line.close_rule == "chief"
    link, key = make.link_to(line, by=make.ChiefFactory(unit=line.unit))
    assert not may_say(link, line)
    assert say(key, "confirm", line.version).status_code == 422
    assert again(line).stage == "proposed"


@pytest.mark.parametrize("what", ["", "reopen", "confirm;"])
def test_nonsense_changes_nothing(what, proposed, link):
    answer = say(link[1], what, proposed.version)
    assert answer.status_code == 422
    assert again(proposed).version == proposed.version
