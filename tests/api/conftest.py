import pytest
from django.utils import timezone

from issues.actions import VERBS
from issues.actions.engine import Proven
from tests import factories as make
from tests.api.people import client_of
from tests.factories import patrols as patrolling


class World:
    """One station with something of everything, and a client for everybody at it."""

    def __init__(self):
        self.proposed = make.ProposedIssueFactory(kind="other")
        self.enterprise = self.proposed.enterprise
        self.unit = self.proposed.unit
        self.people = {
            "handler": self.proposed.handler,
            "officer": make.OfficerFactory(unit=self.unit),
            "auxiliary": make.AuxiliaryFactory(unit=self.unit),
            "chief": make.ChiefFactory(unit=self.unit),
            "desk": make.DeskFactory(unit=self.unit),
            "bureau": make.BureauUserFactory(unit=self.unit.parent),
            "squad": make.SquadUserFactory(unit=make.SquadFactory(parent=self.unit.parent)),
            "contact": make.ContactUserFactory(enterprise=self.enterprise),
            "stranger": make.ChiefFactory(),
        }
        self.visit = make.PhotographedVisitFactory(enterprise=self.enterprise)
        self.evidence = make.EvidenceFactory(by=self.people["handler"])
        self.night = patrolling.duty_of(self.enterprise, timezone.localdate()).night
        self.guard = patrolling.SelfRecruitedGuardFactory(enterprise=self.enterprise)
        self.notice = make.NoticeFactory(recipient=self.people["handler"])
        self.attached = make.EvidenceFactory(by=self.people["handler"])
        VERBS["note"](
            self.proposed,
            by=self.people["handler"],
            note="见照片",
            files=[Proven(self.attached.pk)],
        )

    def __getattr__(self, who):
        try:
            return client_of(self.__dict__["people"][who])
        except KeyError as error:
            raise AttributeError(who) from error

    def real(self, path):
        """A path of the schema with what there is in this world."""
        of = "enterprises" if "enterprises" in path else path.split("/")[3]
        key = {
            "enterprises": self.enterprise.pk,
            "visits": self.visit.pk,
            "issues": self.proposed.pk,
            "evidence": self.evidence.pk,
            "notices": self.notice.pk,
            "guards": self.guard.pk,
            "duty-nights": self.night.pk,
        }.get(of)
        photo = self.visit.files.get().evidence_id
        path = path.replace("{evidence}", str(photo)).replace("{file}", str(self.attached.pk))
        return path.replace("{id}", str(key))


@pytest.fixture
def world(db):
    return World()


@pytest.fixture(scope="module")
def world_of_module(module_db):
    """One for all tests of a file, which change it through the API alone."""
    return World()
