"""Every address x every role, from the URL configuration: a new one without a rule fails."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern
from rest_framework.views import APIView

from liaison.accounts.models import Kind
from tests.addresses import NAMED, OURS, addresses
from tests.rows import everything
from tests.world import World

ROLES = (
    "officer", "auxiliary", "chief", "desk", "handler", "administrator", "bureau", "squad",
    "contact", "of_no_unit",
)  # fmt: skip
STRANGERS = (
    "handler", "officer", "auxiliary", "chief", "desk", "administrator", "bureau", "contact",
)  # fmt: skip
# Of no station: for them some pages have nothing to show.
OUTSIDE = ("squad", "of_no_unit")
OTHER_METHODS = ("put", "patch", "delete")
GONE = {404, 405}
# A POST is all it takes; each has its own tests.
TAKE_NO_FIELDS = (
    "pin_remove", "barrier_remove",
    "sign_out", "cover_cancel", "promise_keep", "person_password", "import_apply", "import_discard",
    "import_undo", "notice_open", "notice_settings", "notice-read", "delivery_retry", "feed_make",
    "feed_revoke", "issue_link_revoke", "channel_test", "enterprise_cards", "held_release",
    "contact_invite", "contact_revoke", "contact_leave", "contact_in_charge",
    "portal_contact_invite", "portal_contact_revoke", "portal_contact_leave",
    "portal_contact_in_charge", "portal_document_acknowledge", "portal_order_receive",
    "guard_list_apply", "guard_list_discard", "guard_list_undo",
    "worker_batch_apply", "worker_batch_discard", "portal_worker_batch_apply",
    "portal_worker_batch_discard", "patrol_post_end", "patrol_window_end",
    "portal_worker_batch_discard", "swap_move", "portal_swap_move", "wish_remove",
    "portal_wish_remove",
)  # fmt: skip
# Arguments that name nobody's row.
OPEN_TO_ITS_HOLDER = {"kind", "token", "code", "path", "what", "key", "shot", "evening"}
NONSENSE = {"version": "x", "enterprise": "x", "officer": "-1", "row": "x", "client_id": "x"}


def must_carry_a_rule(address):
    assert address.rule is not None, (
        f"{address}: mark the view with @open_to(...) from liaison.accounts.access"
    )


def test_there_are_addresses_to_walk():
    assert len(OURS) > 40
    assert {"enterprises/<pk>/", "issues/<number>/", "api/v1/issues/<pk>/moves/"} <= {
        one.route for one in OURS
    }


@pytest.mark.parametrize("address", OURS, ids=str)
def test_every_view_carries_a_rule(address):
    must_carry_a_rule(address)


# --- the walk itself would notice -------------------------------------------------------------


def page_without_a_rule(request):
    return HttpResponse("open to all")


class ApiWithoutARule(APIView):
    def get(self, request):
        return HttpResponse("open to all")


urlpatterns = [
    path("forgotten/", page_without_a_rule, name="forgotten"),
    path("api/forgotten/", ApiWithoutARule.as_view(), name="forgotten_api"),
]


def test_a_new_address_without_a_rule_fails_the_walk():
    walked = list(addresses(URLResolver(RegexPattern(""), urlpatterns)))
    assert [one.route for one in walked] == ["forgotten/", "api/forgotten/"]
    for address in walked:
        with pytest.raises(AssertionError, match="open_to"):
            must_carry_a_rule(address)


def test_a_new_address_without_a_rule_opens_to_nobody(world, settings):
    # After the world is there: what happens in it is told with addresses of the product.
    settings.ROOT_URLCONF = __name__
    for role in ROLES:
        client = Client()
        client.force_login(world.people[role])
        for forgotten in ("/forgotten/", "/api/forgotten/"):
            with pytest.raises(ImproperlyConfigured):
                client.get(forgotten)


# --- who gets in ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(module_db):
    return World()


@pytest.fixture
def world(db, made):
    return made


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_everybody_is_there(world):
    kinds = {person.kind for person in world.people.values()}
    assert kinds == set(Kind)
    assert set(world.people) == set(ROLES)
    assert set(world.strangers) == set(STRANGERS)


def test_before_signing_in_there_is_a_way_in_and_nothing_else(world):
    client = Client()
    before = everything()
    for address in NAMED:
        where = address.path(world.stands_for)
        for method in ("get", "post", *OTHER_METHODS):
            status = getattr(client, method)(where).status_code
            assert status < 500, (address.route, method)
            if not address.rule.anonymous:
                assert status in {302, 401, 405}, (address.route, method, status)
    assert_only_recorded(before)


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_as_its_rule_says_and_neither_looks_nor_nonsense_change_anything(
    role, world
):
    person = world.people[role]
    client = signed_in(person)
    before = everything()
    for address in NAMED:
        where, admitted = address.path(world.stands_for), address.rule.admits(person)
        takes_fields = address.name not in TAKE_NO_FIELDS
        for method in ("get", "post", *OTHER_METHODS):
            if admitted and method == "post" and not takes_fields:
                continue
            answer = getattr(client, method)(where, NONSENSE if method == "post" else None)
            read(answer)
            asked = (address.route, method, answer.status_code)
            assert answer.status_code < 500, asked
            if not admitted:
                assert answer.status_code in GONE, asked
            elif method == "get" and not address.arguments and role not in OUTSIDE:
                # No row to be hidden: whoever the rule admits gets an answer.
                assert answer.status_code in {200, 302, 405}, asked
    assert_only_recorded(before)


def assert_only_recorded(before):
    """Exports, looks at sensitive data and secret links that were opened are added to the record;
    nothing else is."""
    after = everything()
    # A contact's forms that cost are counted, whatever comes of them.
    del before["issues.Posting"], after["issues.Posting"]
    added = after.pop("audit.Entry")
    assert added[: len(before["audit.Entry"])] == before.pop("audit.Entry")
    assert after == before


def read(answer):
    """To the end, which closes the file behind it."""
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("role", STRANGERS)
def test_what_belongs_to_another_station_is_not_there(role, world):
    client = signed_in(world.strangers[role])
    before = everything()
    walked = 0
    for address in NAMED:
        # A secret link opens to whoever has it (tests/staff/week/test_feed.py,
        # tests/issues/after/test_links.py), and so does the card at a gate
        # (tests/staff/test_gate.py). The phone's page is the same for everybody
        # (tests/mobile/test_pages.py), and what one may ask for the same for every contact. An
        # evening is everybody's: each sees its own station's (tests/patrols/test_morning.py).
        if {name for _word, name in address.arguments} <= OPEN_TO_ITS_HOLDER:
            continue
        where = address.path(world.stands_for)
        for method in ("get", "post", *OTHER_METHODS):
            answer = getattr(client, method)(where)
            assert answer.status_code in GONE, (address.route, method, answer.status_code)
        walked += 1
    assert walked > 15
    assert everything() == before
