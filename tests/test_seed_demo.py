"""The demo station and its sign-ins."""

import json
import stat
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from enterprises.models import Assignment, Cover, Enterprise
from issues.models import Escalation, Extension, Issue, Pause
from issues.workflow import Stage
from liaison.accounts.demo import keep_sign_ins, kept_sign_ins, shown_sign_ins
from liaison.accounts.models import Unit, User
from liaison.jobs.sweeps import ring
from liaison.notices.models import Notice
from patrols.models import (
    Absence,
    Duty,
    Membership,
    PatrolTeam,
    Roster,
    Route,
    RunStop,
    SwapRequest,
    Wish,
)
from patrols.roster_dates import next_month
from patrols.roster_grid import Grid
from patrols.roster_month import Month
from tests import factories as make
from visits.models import Inspection, Promise, Visit


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR = tmp_path
    settings.DEMO = True
    return tmp_path


def seed(*options):
    out, err = StringIO(), StringIO()
    call_command("seed_demo", "--json", *options, stdout=out, stderr=err)
    return json.loads(out.getvalue() or "null"), err.getvalue()


def test_it_makes_a_station_at_work_and_makes_it_once(db, var):
    first, _ = seed()
    assert first.keys() == {"unit", "users", "enterprises"}
    assert first["unit"] == "LSL"
    assert first["enterprises"] == Enterprise.objects.count() == 160
    assert {one["kind"] for one in first["users"]} == {
        "police_officer", "auxiliary_officer", "chief", "desk", "bureau", "contact",
    }  # fmt: skip
    for one in first["users"]:
        assert one.keys() == {"username", "password", "kind"}
        assert User.objects.get(username=one["username"]).check_password(one["password"])

    now, today = timezone.now(), timezone.localdate()
    assert set(Issue.objects.values_list("stage", flat=True)) == set(Stage)
    assert Issue.objects.all().late(now).exists()
    assert Enterprise.objects.all().unassigned().count() == 5
    overdue = Enterprise.objects.live().contact_overdue(today).count()
    assert 5 <= overdue <= 20
    assert overdue < Enterprise.objects.live().contact_due(today).count()
    assert Cover.objects.all().active(today).exists()
    assert Assignment.objects.all().open().deputies().exists()
    assert Assignment.objects.filter(ended_at__isnull=False).exists()
    assert Inspection.objects.exists()
    assert Promise.objects.filter(kept_at__isnull=False).exists()
    assert not Visit.objects.filter(happened_at__gt=now).exists()
    assert Extension.objects.pending().count() == 1
    assert Pause.objects.filter(ended_at=None).exists()
    climbed = Escalation.objects.filter(issue__in=Issue.objects.all().late(now))
    assert len({timezone.localdate(one.at) for one in climbed}) > 2, "on the days they were due"
    chief = User.objects.get(username="chief")
    assert chief.notices.filter(kind="digest").exists()
    # The station has read what it was told; at an enterprise some never do.
    old = Notice.objects.unread().filter(made_at__lt=now - timedelta(days=3))
    assert not old.exclude(recipient__kind="contact").exists()
    # On the first morning nothing waits to be told, and something is there to be read.
    rung = ring(now)
    assert (rung["reminders"], rung["escalations"]) == (0, 0)
    assert Notice.objects.unread().exists()
    nights_are_shared_out(today)
    assert all("示例" in name for name in Enterprise.objects.values_list("name", flat=True))

    before = [*Issue.objects.order_by("pk").values_list("pk", "stage", "version")]
    assert seed()[0] == first
    assert [*Issue.objects.order_by("pk").values_list("pk", "stage", "version")] == before


def nights_are_shared_out(today):
    """Eleven teams are out on every night of this month; something is left to be decided."""
    sizes = Membership.objects.on(today).values("team").annotate(n=Count("pk"))
    assert len(sizes) == PatrolTeam.objects.on(today).count() == 11
    assert all(7 <= one["n"] <= 10 for one in sizes)
    month = today.replace(day=1)
    this = Roster.objects.filter(month=month, state="published")
    assert this.count() == 11
    for roster in this.select_related("team__unit"):
        grid = Grid(Month(roster.team, month))
        short = [line for line in grid.lines if line.broken]
        assert len(short) <= Absence.objects.filter(night_on=today).count()
        assert grid.spread <= 2, "where somebody cannot, at most by one more"
    ahead = Roster.objects.filter(month=next_month(month), state="published")
    assert 0 < ahead.count() < 11
    contact = User.objects.get(username="contact")
    assert Duty.objects.visible_to(contact).filter(night__night_on__gte=today).exists()
    assert set(SwapRequest.objects.values_list("state", flat=True)) == {"asked", "accepted"}
    assert Absence.objects.filter(night_on=today, substitute=None).count() == 1
    assert Wish.objects.filter(kind="blocked").exists()
    assert Route.objects.filter(active=True).count() == 11
    assert RunStop.objects.filter(seen_at__isnull=False).exists(), "nights that were walked"


def test_a_database_in_use_gets_no_demo_station(db, var):
    chief = make.ChiefFactory()
    made, said = seed()
    assert made == {"unit": None, "users": [], "enterprises": 0}
    assert "in use" in said
    assert seed("--in-demo-mode") == (made, ""), "said at every `make run`, it would be no news"
    assert [*Unit.objects.values_list("pk", flat=True)] == [chief.unit.parent_id, chief.unit_id]


def test_set_up_makes_none_on_a_server(db, var, settings):
    settings.DEMO = False
    assert seed("--in-demo-mode") == (None, "")
    assert not Unit.objects.exists()


@pytest.fixture
def kept(db, var):
    chief = make.ChiefFactory(username="chief1")
    keep_sign_ins({"chief1": make.PASSWORD})
    assert [one["username"] for one in shown_sign_ins()] == ["chief1"]
    return chief


def test_only_the_owner_reads_the_file(kept, var):
    (path,) = var.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_outside_demo_mode_none_is_shown(kept, settings):
    settings.DEMO = False
    assert shown_sign_ins() == []
    assert kept_sign_ins()


def test_a_changed_password_is_no_longer_shown(kept):
    kept.set_password("another one of my own")
    kept.save()
    assert shown_sign_ins() == []


def test_a_sign_in_that_was_shut_is_no_longer_shown(kept):
    User.objects.filter(pk=kept.pk).update(is_active=False)
    assert shown_sign_ins() == []


def test_another_database_with_the_same_names_shows_none(kept):
    """The file outlives a database that was deleted and made anew."""
    kept.delete()
    make.ChiefFactory(username="chief1")
    assert shown_sign_ins() == []


def test_the_sign_in_page_shows_them(kept, client):
    assert make.PASSWORD in client.get("/accounts/sign-in/").content.decode()


@pytest.mark.parametrize(
    "came",
    [
        {"REMOTE_ADDR": "192.168.1.20"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.168.1.20"},
        {"REMOTE_ADDR": "192.168.1.20", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    ],
)
def test_others_on_the_network_are_not_shown_them(kept, client, came):
    assert make.PASSWORD not in client.get("/accounts/sign-in/", **came).content.decode()
