"""Routes: ordered by hand and by the solver, shown with their gaps; posts asked for on the bill."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from issues.models import Event
from liaison.core.coordinates import Point
from liaison.core.refused import Conflict, Refused
from liaison.law.models import LegalBasis
from patrols.actions.compliance import answer_warning
from patrols.actions.planning import plan_night
from patrols.actions.posts import add_window, end_post, make_post
from patrols.actions.routes import add_checkpoint, make_route, shift_checkpoint
from patrols.models import Guard, PatrolRun, RunStop, TemporaryPost
from patrols.nights import evening_of
from patrols.routing.ordering import length
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.phone import codes, operation, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return patrol.team_of(2, 1)


@pytest.fixture
def desk(team):
    return make.DeskFactory(unit=team.unit)


def crooked(team, by):
    """Four checkpoints that are not in a short order."""
    route = make_route(team, by=by, name="示例路线", rounds=2)
    for n, (lon, lat) in enumerate(((0, 0), (4, 4), (4, 0), (0, 4)), 1):
        add_checkpoint(
            route,
            by=by,
            name=f"示例点{n}",
            point=Point(120.5 + lon / 1000, 36.85 + lat / 1000),
            version=n,
        )
    route.refresh_from_db()
    return route


def names(route):
    return "".join(one.name[-1] for one in route.checkpoints.there())


def test_a_checkpoint_is_shifted_to_and_fro_and_stays_at_the_ends(team, desk):
    route = crooked(team, desk)
    second = route.checkpoints.get(name="示例点2")
    for later, order in ((True, "1324"), (True, "1342"), (True, "1342"), (False, "1324")):
        shift_checkpoint(second, by=desk, version=route.version, later=later)
        route.refresh_from_db()
        assert names(route) == order
    with pytest.raises(Conflict):
        shift_checkpoint(second, by=desk, version=route.version - 1, later=True)
    with pytest.raises(Refused):
        shift_checkpoint(second, by=make.DeskFactory(), version=route.version, later=True)
    assert names(route) == "1324"


def test_the_solvers_order_stands_beside_ours_until_it_is_taken(client, team, desk):
    route = crooked(team, desk)
    client.force_login(desk)
    page = reverse("patrol_route", args=[route.pk])
    shown = client.get(page)
    assert shown.context["shortest"] < shown.context["metres"]
    assert sorted(shown.context["order"]) == [1, 2, 3, 4]
    client.post(reverse("patrol_route_order", args=[route.pk]), {"version": route.version})
    after = client.get(page)
    assert after.context["metres"] == shown.context["shortest"]
    assert after.context["order"] == []
    assert names(route) in ("1324", "1423")


def test_the_arrows_are_pressed_by_keyboard_again_and_again(client, team, desk):
    route = crooked(team, desk)
    client.force_login(desk)
    first = route.checkpoints.get(name="示例点1")
    path = reverse("patrol_checkpoint_shift", args=[first.pk])
    for n in range(3):
        answer = client.post(path, {"version": route.version + n, "later": "on"}, follow=True)
        [button] = re.findall(r"<button[^>]*autofocus[^>]*>", answer.content.decode())
        # At the end of the list it is the other arrow that still does something.
        assert ('name="later"' in button) == (n < 2)
    assert names(route) == "2341"


def test_the_map_shows_the_walk_and_where_the_station_does_not_come(client, team, desk):
    route = crooked(team, desk)
    here = route.checkpoints.get(name="示例点1").point
    by_day = {"weekdays": range(7), "from_time": "23:00", "to_time": "01:00"}
    for name, radius in (("示例近处", 300), ("示例远处", 50)):
        at = here if radius == 300 else Point(here.lon + 1, here.lat)
        add_window(team.unit, by=desk, name=name, point=at, radius=radius, **by_day)
    client.force_login(desk)
    shown = client.get(reverse("patrol_route", args=[route.pk]))
    dots = [(one["number"], one["css"]) for one in shown.context["map"]["dots"]]
    assert dots == [(1, "unit"), (2, "r"), (3, "r"), (4, "r")]
    assert shown.content.decode().count('class="reach"') == 2
    covered = shown.context["covered"]
    assert [one.gaps for one in covered.rows] == [10, 14, 14, 14]
    spans = [[f"{moment:%H:%M}" for moment in one] for one in covered.rows[0].spans]
    assert spans == [["22:00", "23:00"], ["01:00", "05:00"]]


def test_a_planned_walk_closes_gaps(client, team, desk):
    route = crooked(team, desk)
    plan_night(patrol.night_of(team, evening_of(timezone.now())))
    client.force_login(desk)
    covered = client.get(reverse("patrol_route", args=[route.pk])).context["covered"]
    # Two rounds, each in another half hour.
    assert [one.gaps for one in covered.rows] == [12] * 4


def test_on_tiles_the_same_points_lie_in_the_tiles_own_system(client, team, desk, settings):
    route = crooked(team, desk)
    settings.TILE_URL, settings.TILE_SYSTEM = "https://tiles.test/{z}/{x}/{y}.png", "gcj02"
    client.force_login(desk)
    drawn = client.get(reverse("patrol_route", args=[route.pk])).context["map"]
    assert [one["name"][0] for one in drawn["points"]] == list("1234")
    moved = drawn["way"][0]
    # GCJ-02 is some hundred metres off.
    assert 100 < length([Point(moved["lon"], moved["lat"]), Point(120.5, 36.85)]) / 2 < 900


def test_rounds_are_drawn_by_the_servers_secret_and_not_by_the_rows(team, desk, settings):
    crooked(team, desk)
    drawn = []
    for secret in ("示例密钥一" * 10, "示例密钥二" * 10):
        settings.SECRET_KEY = secret
        nights = []
        for n in range(6):
            night = patrol.night_of(team, evening_of(timezone.now()) + timedelta(days=n))
            plan_night(night)
            runs = PatrolRun.objects.filter(night=night).order_by("round")
            nights.append([run.planned_start - timedelta(days=n) for run in runs])
            RunStop.objects.filter(run__night=night).delete()
            runs.delete()
            night.duties.all().delete()
            night.delete()
        drawn.append(nights)
        assert all(a < b for night in nights for a, b in pairwise(night))
        # Another night, other moments.
        assert len({tuple(night) for night in nights}) > 4
    assert drawn[0] != drawn[1]


# --- guards whom an enterprise recruited for itself -------------------------------------------


def self_recruited(team):
    rows = Guard.objects.filter(enterprise__patrol_memberships__team=team)
    guard = rows.order_by("pk").first()
    Guard.objects.filter(pk=guard.pk).update(employer="self_recruited", company="")
    guard.refresh_from_db()
    return guard


def test_outside_and_not_answered_for_is_said_on_the_route_and_on_the_check_in(client, team, desk):
    guard = self_recruited(team)
    link, token = patrol.night_door(team)
    assert link.guard == guard
    client.force_login(desk)
    page = reverse("patrol_route", args=[team.routes.get().pk])
    assert client.get(page).context["unanswered"] == 1
    first, second, third = codes(link.night)
    second.checkpoint.outside = False
    second.checkpoint.save()

    def flags(code):
        [answer] = send(token, operation("check_in", code=code.token))
        return answer["object"]["flags"]

    assert "not_answered" in flags(first)
    assert "not_answered" not in flags(second)
    answer_warning(
        guard,
        "admitted",
        reason="示例",
        legal_basis=LegalBasis.objects.first(),
        version=guard.version,
        by=desk,
    )
    assert "not_answered" not in flags(third)
    assert client.get(page).context["unanswered"] == 0


def test_on_the_premises_nobody_has_to_answer(client, team, desk):
    self_recruited(team)
    route = patrol.route_of(team)
    route.checkpoints.update(outside=False)
    client.force_login(desk)
    page = client.get(reverse("patrol_route", args=[route.pk]))
    assert page.context["unanswered"] == 0


# --- posts ------------------------------------------------------------------------------------


def asked_for(unit, **more):
    enterprise = make.AssignedEnterpriseFactory(unit=unit)
    kind = make.kind_of("patrol_request")
    return make.RaisedIssueFactory(enterprise=enterprise, kind=kind, **more)


def post_for(issue, by):
    now = timezone.now()
    return make_post(
        issue.unit,
        by=by,
        place="示例路口",
        from_at=now,
        until_at=now + timedelta(days=3),
        reason="示例夜间盗窃",
        issue=issue,
    )


def test_a_post_is_asked_for_on_the_bill_and_written_there(client, desk):
    line = asked_for(desk.unit, title="示例多派夜巡")
    client.force_login(desk)
    detail = reverse("issue_detail", args=[line.number])
    where = f"{reverse('patrol_post_new')}?issue={line.number}"
    assert f'href="{where}"' in client.get(detail).content.decode()
    form = client.get(where).context["form"]
    assert form["issue"].value() == line.pk
    assert form["reason"].value() == "示例多派夜巡"
    begins = timezone.localtime()
    sent = client.post(
        reverse("patrol_post_new"),
        {
            "place": "示例路口",
            "from_at": f"{begins:%Y-%m-%dT%H:%M}",
            "until_at": f"{begins + timedelta(days=3):%Y-%m-%dT%H:%M}",
            "reason": "示例夜间盗窃",
            "issue": line.pk,
            "system": "gcj02",
        },
    )
    assert sent.status_code == 302
    post = TemporaryPost.objects.get()
    assert post.issue == line
    shown = client.get(detail).content.decode()
    assert shown.count("示例路口") == 2
    [event] = Event.objects.filter(issue=line, text__contains="示例路口")
    assert event.public
    end_post(post, by=desk)
    assert Event.objects.filter(issue=line, text__contains="示例路口", public=True).count() == 2


def test_the_enterprise_that_asked_reads_of_the_post(client, desk):
    line = asked_for(desk.unit)
    post_for(line, desk)
    client.force_login(make.ContactUserFactory(enterprise=line.enterprise))
    assert "示例路口" in client.get(reverse("portal_line", args=[line.number])).content.decode()


def test_only_an_open_request_for_patrols_of_the_own_station_asks_for_a_post(client, desk):
    hazard = make.RaisedIssueFactory(
        enterprise=make.AssignedEnterpriseFactory(unit=desk.unit), kind=make.kind_of("hazard")
    )
    elsewhere = asked_for(make.StationFactory())
    ended = make.WithdrawnIssueFactory(
        enterprise=make.AssignedEnterpriseFactory(unit=desk.unit),
        kind=make.kind_of("patrol_request"),
    )
    client.force_login(desk)
    for line, code in ((hazard, "wrong_kind"), (ended, "ended")):
        with pytest.raises(Refused) as refused:
            post_for(line, desk)
        assert refused.value.code == code
        assert (
            "patrols/posts/new"
            not in client.get(reverse("issue_detail", args=[line.number])).content.decode()
        )
    with pytest.raises(Refused):
        post_for(elsewhere, desk)
    for line in (hazard, ended, elsewhere):
        form = client.get(f"{reverse('patrol_post_new')}?issue={line.number}").context["form"]
        assert form["issue"].value() is None
    assert not TemporaryPost.objects.exists()
