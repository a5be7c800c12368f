"""A station with something of everything, another one, and people of every kind at both."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from enterprises.actions import cover
from enterprises.models import Contact, Enterprise, ImportBatch
from issues.actions import note_on_issue
from issues.actions.engine import Proven
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.feed_links import make_feed_link
from liaison.accounts.models import FeedLink, Kind, Unit, User
from liaison.evidence.models import Evidence
from liaison.mobile.models import Upload
from liaison.notices.models import Delivery, Notice, UnitChannel
from tests import factories as make
from visits.actions import Found, Promised
from visits.models import Inspection, Promise, Visit

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
}
OURS = (
    "accounts", "audit", "authtoken", "calendars", "enterprises", "evidence", "issues", "jobs",
    "mobile", "notices", "summaries", "visits", "whereabouts",
)  # fmt: skip


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
        acting = make.OfficerFactory(unit=unit)
        notice = make.NoticeFactory(recipient=officer)
        day = timezone.localdate() + timedelta(days=30)
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
        }

    def stands_for(self, word: str, name: str) -> object:
        """What an argument of an address stands for in the first station."""
        rows = {**self.rows, "import": self.rows["imports"]}
        given = {
            "number": rows["issues"].number,
            "move": "note",
            "kind": "csv",
            "outgoing": make.handler_of(rows["enterprises"]).pk,
            "incoming": rows["acting"].pk,
            "file": rows["files"].pk,
            "evidence": rows["photos"].evidence_id,
            "token": self.token,
            "code": rows["code"].code,
            "unit": self.unit.code,
            "of": "other",
            "level": "ordinary",
            "clock": "resolve",
            "client_id": rows["uploads"].client_id,
            "path": "visits/new/",
        }
        if name in given:
            return given[name]
        if word in rows:
            return rows[word].pk
        raise LookupError(f"say in tests/world.py what “{name}” after “{word}” stands for")


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours, to see that nothing has changed."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }
