"""The engine of the officer's phone, in a real browser of a phone's size against the live server.

Nothing of ours is replaced. What goes wrong does so on the network, which Playwright's routes cut,
or in the browser, which a test asks to refuse its storage.
"""

import pytest

from tests import factories as make
from tests.e2e.phone.handset import Handset


@pytest.fixture
def officer(live_server):
    return make.OfficerFactory(name="示例警官")


@pytest.fixture
def enterprise(officer):
    return make.AssignedEnterpriseFactory(
        unit=officer.unit, officer=officer, name="示例铝业有限公司"
    )


@pytest.fixture
def handsets(browser, live_server):
    """Makes phones; at the end none may have met an error of ours."""
    made = []

    def new(**options):
        made.append(Handset(browser, live_server.url, **options))
        return made[-1]

    yield new
    problems = [problem for one in made for problem in one.problems]
    for one in made:
        one.context.close()
    assert not problems


@pytest.fixture
def phone(handsets, officer, enterprise):
    """A phone that the officer has signed in on, with its page open."""
    return handsets().signed_in(officer)
