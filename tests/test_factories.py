"""Each factory leaves its row in the state that its name says."""

import pytest

from issues.workflow import STAGES
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", ["service", "hazard", "case_lead", "dispute"])
def test_a_line_is_in_the_stage_its_factory_names(stage, kind):
    issue = factories.ISSUE_IN[stage](kind=kind)
    issue.refresh_from_db()
    assert issue.stage == stage
    assert issue.kind.code == kind


def test_people_enterprises_and_visits_belong_together():
    visit = factories.VisitFactory()
    assert visit.officer == factories.handler_of(visit.enterprise)
    contact = factories.ContactUserFactory(enterprise=visit.enterprise)
    assert contact.contact_for.get().enterprise == visit.enterprise
    assert contact.unit == visit.unit
    assert factories.ContactUserFactory().contact_for.exists()
    assert factories.InspectionFactory().officers.count() == 2
