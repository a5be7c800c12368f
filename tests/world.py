"""A station with something of everything, another one, and people of every kind at both."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from documents.actions import open_document
from documents.models import Document, Order
from enterprises.actions import cover
from enterprises.models import Contact, Enterprise, ImportBatch
from green_channel.models import Application, Item
from issues.actions import note_on_issue
from issues.actions.engine import Proven
from issues.models import AccessLink, HeldRequest, Issue
from issues.workflow import Stage
from liaison.accounts.feed_links import make_feed_link
from liaison.accounts.models import FeedLink, Kind, Unit, User
from liaison.evidence.models import Evidence
from liaison.mobile.models import Upload
from liaison.notices.models import Delivery, Notice, UnitChannel
from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import (
    Barrier,
    Checkpoint,
    Draft,
    DraftPlace,
    Duty,
    DutyNight,
    Guard,
    GuardList,
    PatrolIncident,
    PatrolRun,
    PatrolTeam,
    Pin,
    Response,
    Roster,
    Route,
    StationPatrol,
    SwapRequest,
    TemporaryPost,
    Wish,
)
from patrols.reasons import placeless
from tests import factories as make
from tests.factories import patrols as patrolling
from tests.factories.patrol_evenings import patrolled, walked
from visits.actions import Found, Promised
from visits.models import Inspection, Promise, Visit, VisitWord
from workers.models import Batch, Worker

# The word before an argument, and the rows that the argument names.
ROWS = {
    "enterprises": Enterprise,
    "contacts": Contact,
    "issues": Issue,
    "visits": Visit,
    "inspections": Inspection,
    "promises": Promise,
    "imports": ImportBatch,
    "import": ImportBatch,
    "evidence": Evidence,
    "people": User,
    "notices": Notice,
    "deliveries": Delivery,
    "channels": UnitChannel,
    "uploads": Upload,
    "held": HeldRequest,
    "bill": Issue,
    "words": VisitWord,
    "documents": Document,
    "orders": Order,
    "green": Application,
    "applications": Application,
    "items": Item,
    "batches": Batch,
    "workers": Worker,
    "guards": Guard,
    "lists": GuardList,
    "teams": PatrolTeam,
    "pins": Pin,
    "barriers": Barrier,
    "places": Enterprise,
    "routes": Route,
    "checkpoints": Checkpoint,
    "posts": TemporaryPost,
    "windows": StationPatrol,
    "nights": DutyNight,
    "duty-nights": DutyNight,
    "incidents": PatrolIncident,
    "rounds": PatrolRun,
    "responses": Response,
    "rosters": Roster,
    "duties": Duty,
    "swaps": SwapRequest,
    "wishes": Wish,
}


class World:
    """``people`` at the station, ``strangers`` elsewhere; ``rows`` are the station's own, a line
    of the bill in each of the ``stages`` among them."""

    def __init__(self, stages: Iterable[str] = (Stage.PROPOSED,)) -> None:
        bureau = make.BureauFactory()
        self.unit = make.StationFactory(parent=bureau)
        self.rows = self._fill(self.unit, stages)
        enterprise = self.rows["enterprises"]
        self.people = {
            **self._staff(self.unit),
            "handler": make.handler_of(enterprise),
            "bureau": make.BureauUserFactory(unit=bureau),
            "squad": make.SquadUserFactory(unit=make.SquadFactory(parent=self.unit)),
            "contact": make.ContactUserFactory(enterprise=enterprise),
            "of_no_unit": make.DeskFactory(unit=None),
        }
        # Read just now, so that reading it again writes nothing.
        self.token = make_feed_link(by=self.people["officer"])
        FeedLink.objects.update(last_read_at=timezone.now())
        open_document(self.rows["documents"], by=self.people["contact"])
        elsewhere = make.StationFactory()
        other = self._fill(elsewhere, (Stage.PROPOSED,))
        self.strangers = {
            **self._staff(elsewhere),
            "handler": make.handler_of(other["enterprises"]),
            "bureau": make.BureauUserFactory(unit=elsewhere.parent),
            "contact": make.ContactUserFactory(enterprise=other["enterprises"]),
        }

    @staticmethod
    def _staff(unit: Unit) -> dict[str, User]:
        return {
            "officer": make.OfficerFactory(unit=unit),
            "auxiliary": make.AuxiliaryFactory(unit=unit),
            "chief": make.ChiefFactory(unit=unit),
            "desk": make.DeskFactory(unit=unit),
            "administrator": make.DeskFactory(unit=unit, admin_duty=User.AdminDuty.SYSTEM),
        }

    @staticmethod
    def _fill(unit: Unit, stages: Iterable[str]) -> dict[str, Any]:
        officer, desk = make.OfficerFactory(unit=unit), make.someone(Kind.DESK, unit)
        enterprise = make.AssignedEnterpriseFactory(unit=unit, officer=officer)
        make.EnterpriseFactory(unit=unit)
        make.EnterpriseFactory(unit=unit, stage="closed")
        lines = {
            stage: make.ISSUE_IN[stage](enterprise=enterprise, kind="other") for stage in stages
        }
        lead = make.RaisedIssueFactory(enterprise=enterprise, kind="case_lead", by=officer)
        photo = make.EvidenceFactory(by=officer)
        note_on_issue(
            lines["proposed"], by=officer, note="照片", internal=True, files=[Proven(photo.pk)]
        )
        note_on_issue(
            lead, by=officer, note="照片", files=[Proven(make.EvidenceFactory(by=officer).pk)]
        )
        make.placed(enterprise)
        visit = make.PhotographedVisitFactory(
            enterprise=enterprise,
            position=make.position_at(900),
            happened_at=timezone.now() - timedelta(minutes=5),
            by=make.on_duty(officer),
            findings=[Found(make.kind_of("hazard"), "堆料")],
            promises=[Promised("回访")],
        )
        # Of a visit of its own: those that a role looks at are still to be spoken of.
        disputed = make.DisputedVisitFactory(
            visit=make.VisitFactory(enterprise=enterprise, by=officer, channel="phone")
        )
        _link, key = make.link_to(lines["proposed"], by=desk)
        AccessLink.objects.update(last_opened_at=timezone.now())
        acting = make.OfficerFactory(unit=unit)
        batch = make.with_photos(make.WorkerBatchFactory(enterprise=enterprise, by=desk))
        make.PreviewedListFactory(enterprise=enterprise, by=desk, batch=batch)
        notice = make.NoticeFactory(recipient=officer)
        day = timezone.localdate() + timedelta(days=30)
        patrol = patrolled(enterprise)
        return {
            "enterprises": enterprise,
            "contacts": make.ContactFactory(enterprise=enterprise),
            "issues": lines["proposed"],
            "files": photo,
            "visits": visit,
            "photos": visit.files.get(),
            "promises": visit.promises.get(),
            "inspections": make.InspectionFactory(enterprise=enterprise, early_because="举报"),
            "imports": ImportBatch.objects.create(
                unit=unit, by=desk, filename="名单.xlsx", sha256=uuid.uuid4().hex
            ),
            "evidence": photo,
            "covers": cover(officer, acting, starts_on=day, ends_on=day, by=desk),
            "acting": acting,
            "people": acting,
            "notices": notice,
            "deliveries": make.FailedDeliveryFactory(notice=notice),
            "channels": make.UnitChannelFactory(unit=unit),
            "uploads": make.UploadFactory(user=officer),
            "code": make.gate_code_of(enterprise),
            **_green(unit, enterprise),
            **walked(unit),
            "held": make.HeldRequestFactory(enterprise=enterprise),
            "words": disputed,
            "key": key,
            "documents": make.DocumentFactory(enterprise=enterprise),
            "orders": make.OrderFactory(enterprise=enterprise),
            "invitation": make.InvitationFactory(contact__enterprise=enterprise),
            **patrol,
            "batches": batch,
            "workers": batch.workers.order_by("number")[0],
            **_guards(enterprise, desk),
            **_teams(patrol["rosters"].team, enterprise, desk),
        }

    def stands_for(self, word: str, name: str) -> object:
        """What an argument of an address stands for in the first station."""
        rows = {**self.rows, "import": self.rows["imports"], "bill": self.rows["issues"]}
        rows["duty-nights"] = rows["nights"]
        given = {
            "number": rows["issues"].number,
            "move": "note",
            "what": "help",
            "kind": "csv",
            "outgoing": make.handler_of(rows["enterprises"]).pk,
            "incoming": rows["acting"].pk,
            "file": rows["files"].pk if word != "held" else uuid.uuid4(),
            "evidence": rows["photos"].evidence_id,
            "token": self.token,
            "code": rows["code"].code,
            "key": rows["key"],
            "unit": self.unit.code,
            "of": "other",
            "level": "ordinary",
            "clock": "resolve",
            "client_id": rows["uploads"].client_id,
            "path": "visits/new/",
            "item": rows["orders"].items.first().pk,
            "step": "correct",
            "photo": rows["night_photo"].evidence_id,
            "shot": uuid.uuid4(),
            "verb": "refuse",
            "duty": rows["duties"].pk,
            "absence": rows["absences"].pk,
            "evening": rows["nights"].night_on,
        }
        if (word, name) == ("n", "token"):
            return rows["night_token"]
        if (word, name) == ("i", "token"):
            return self.rows["invitation"].token
        if name in given:
            return given[name]
        if word in rows:
            return rows[word].pk
        raise LookupError(f"say in tests/world.py what “{name}” after “{word}” stands for")


def _teams(team: PatrolTeam, enterprise: Enterprise, desk: User) -> dict[str, Any]:
    """The enterprise's team, an open draft with it, something settled and a river."""
    unit = team.unit
    pin = Pin.objects.create(unit=unit, kind="team", enterprise=enterprise, team_number=1, by=desk)
    draft = Draft.objects.create(
        unit=unit, smallest=1, largest=10, teams=2, seed=0, made_by=desk, version=1
    )
    DraftPlace.objects.create(draft=draft, enterprise=enterprise, team_number=1, reason=placeless())
    return {
        "teams": team,
        "places": enterprise,
        "pins": pin,
        "barriers": Barrier.objects.create(
            unit=unit, kind="river", name="示例河", line=[[120.4, 36.8], [120.6, 36.9]], by=desk
        ),
    }


def _green(unit: Unit, enterprise: Enterprise) -> dict[str, Any]:
    """An item of the station's own, and an application with a file, and another."""
    item = make.ItemFactory(unit=unit)
    application = make.ApplicationFactory(enterprise=enterprise, item=item)
    make.ApplicationFactory(enterprise=enterprise, item__unit=unit)
    return {"items": item, "green": application, "applications": application}


def _guards(enterprise: Enterprise, desk: User) -> dict[str, Any]:
    """A guard for whom an officer has to answer, on the roster; another; a list looked at."""
    guard = patrolling.SelfRecruitedGuardFactory(enterprise=enterprise)
    patrolling.ExpiringGuardFactory(enterprise=enterprise)
    duty = patrolling.duty_of(enterprise, timezone.localdate() + timedelta(days=3))
    put_all_on_duty([(duty, [guard])])
    return {"guards": guard, "lists": patrolling.GuardListFactory(unit=enterprise.unit, by=desk)}
