"""An officer on shift who lets the position be kept, at a gate with a point."""

import pytest
from django.utils import timezone

from tests import factories as make
from visits.actions import log_visit


@pytest.fixture
def enterprise():
    return make.placed(make.AssignedEnterpriseFactory())


@pytest.fixture
def officer(enterprise):
    return make.on_duty(make.handler_of(enterprise))


@pytest.fixture
def visit(enterprise, officer):
    def log(position, **more):
        given = {
            "by": officer,
            "channel": "on_site",
            "met": "门卫",
            "happened_at": timezone.now(),
            **more,
        }
        return log_visit(enterprise, position=position, **given)

    return log
