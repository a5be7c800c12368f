"""Who closes down leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import change_stage
from enterprises.actions.importing import apply_import, preview_import
from liaison.audit.models import Entry
from liaison.core.refused import Conflict
from liaison.notices.models import Notice
from patrols.actions.publishing_teams import name_team, publish_division
from patrols.models import Duty, DutyNight, Membership, PatrolTeam
from tests import factories as make
from tests.enterprises.importing.lists import as_csv
from tests.factories.patrols import duty_of, join, team_of
from tests.patrols.division.doing import open_ones, propose, publish

pytestmark = pytest.mark.django_db


class TestClosedDown:
    """An enterprise that closes down leaves teams, drafts and nights; what was is kept."""

    def close(self, enterprise, by):
        enterprise.refresh_from_db()
        return change_stage(enterprise, "closed", by=by, version=enterprise.version)

    def test_it_leaves_its_team_and_the_nights_ahead(self, unit, chief):
        desk = make.DeskFactory(unit=unit)
        team = team_of(3, unit=unit)
        gone, stays = [one.enterprise for one in team.memberships.order_by("pk")[:2]]
        leader = make.ContactFactory(enterprise=gone)
        name_team(team, by=chief, name="", leader=leader)
        today = timezone.localdate()
        nights = [today + timedelta(days=days) for days in (-1, 0, 1)]
        for evening in nights:
            duty_of(gone, evening)
            duty_of(stays, evening)
        self.close(gone, chief)
        membership = Membership.objects.get(enterprise=gone)
        assert membership.ended_on == today
        assert membership.began_on < today
        assert PatrolTeam.objects.get(pk=team.pk).leader is None
        left = Duty.objects.values_list("enterprise", "night__night_on")
        assert sorted(left) == sorted(
            [(gone.pk, nights[0]), *((stays.pk, evening) for evening in nights)]
        )
        versions = DutyNight.objects.order_by("night_on").values_list("version", flat=True)
        assert list(versions) == [1, 2, 2]
        told = Notice.objects.get(kind="team.left", recipient=desk)
        assert gone.name in told.title
        assert "2" in told.text
        entry = Entry.objects.get(action="patrols.leave_team")
        assert entry.changes["nights"] == [str(evening) for evening in nights[1:]]

    def test_it_leaves_the_draft_which_must_be_looked_at_again(self, unit, chief, places):
        draft = propose(unit, chief)
        self.close(places[0], chief)
        with pytest.raises(Conflict):
            publish_division(draft, timezone.localdate(), by=chief, version=draft.version)
        publish(draft, chief)
        assert places[0].pk not in open_ones()
        assert len(open_ones()) == 7

    def test_what_was_published_for_later_does_not_begin(self, unit, chief):
        team = team_of(2, unit=unit)
        gone = make.AssignedEnterpriseFactory(unit=unit)
        later = timezone.localdate() + timedelta(days=5)
        join(team, gone, later)
        self.close(gone, chief)
        assert not Membership.objects.on(later).filter(enterprise=gone).exists()
        assert Membership.objects.on(later).count() == 2

    def test_by_a_list_it_leaves_as_by_hand(self, unit, chief):
        team = team_of(2, unit=unit)
        gone, stays = [one.enterprise for one in team.memberships.order_by("pk")]
        today = timezone.localdate()
        duty_of(gone, today)
        duty_of(stays, today)
        rows = [[gone.name, gone.address, "注销"], [stays.name, stays.address, "投产运营"]]
        content = as_csv(rows, ["企业名称", "地址", "经营状态"])
        apply_import(preview_import(unit, content, "list.csv", by=chief), by=chief)
        assert open_ones().keys() == {stays.pk}
        assert [one.enterprise for one in Duty.objects.all()] == [stays]
        assert Entry.objects.get(action="patrols.leave_team").actor == chief

    def test_one_that_comes_back_is_uncovered(self, unit, chief):
        team = team_of(2, unit=unit)
        gone = team.memberships.first().enterprise
        self.close(gone, chief)
        change_stage(gone, "operating", by=chief, version=gone.version + 1)
        assert open_ones().keys() == {team.memberships.last().enterprise_id}
