"""Signing in by phone or username, and the lock against guessing."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.accounts.addresses import address_of
from liaison.accounts.models import SignInFailure
from liaison.accounts.throttle import forget_old_failures
from liaison.audit.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db
API = "/api/v1/auth/token"


@pytest.fixture
def officer():
    return make.OfficerFactory(username="zhang", phone="13812345678")


def page(client, name, password, **more):
    return client.post(reverse("sign_in"), {"username": name, "password": password}, **more)


def api(client, name, password, **more):
    return client.post(API, {"username": name, "password": password}, **more)


FACES = {"page": (page, 302, {422, 429}), "api": (api, 200, {400, 422, 429})}


@pytest.fixture(params=FACES)
def attempt(request):
    send, right, wrong = FACES[request.param]

    def sign_in(name, password=make.PASSWORD, **more):
        status = send(Client(), name, password, **more).status_code
        assert status == right or status in wrong, status
        return status == right

    return sign_in


@pytest.mark.parametrize(
    "typed",
    ["zhang", "13812345678", "138 1234 5678", "+86 138-1234-5678", "１３８１２３４５６７８"],
)
def test_phone_or_username_however_it_is_spelled(typed, officer, attempt):
    assert attempt(typed)
    assert not attempt(typed, "wrong")


@pytest.mark.parametrize("typed", ["", "nobody", "zhan", "1381234567", "x" * 150, "' OR 1=1"])
def test_who_is_not_there_is_refused(typed, officer, attempt):
    assert not attempt(typed)


def test_one_who_left_does_not_get_in(officer, attempt):
    officer.is_active = False
    officer.save()
    assert not attempt("zhang")


def test_a_username_that_is_anothers_phone_opens_neither(officer, attempt):
    make.OfficerFactory(username="13812345678")
    assert not attempt("13812345678")
    assert attempt("zhang")


def test_five_failures_lock_for_half_an_hour_from_the_last(officer, attempt, time_machine):
    start = timezone.now()
    for minute in (0, 6, 12, 18, 24):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        assert not attempt("zhang", "wrong")
    for minute, opens in ((24, False), (31, False), (53, False), (55, True)):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        assert attempt("zhang") == opens, minute


def test_another_spelling_is_no_other_account(officer, attempt):
    for typed in ("zhang", "13812345678", "138 1234 5678", "+8613812345678", "138-1234-5678"):
        assert not attempt(typed, "wrong")
    for typed in ("zhang", "13812345678"):
        assert not attempt(typed)


def test_the_right_password_forgives(officer, attempt):
    for _ in range(3):
        for _ in range(4):
            assert not attempt("13812345678", "wrong")
        assert attempt("zhang")


def test_failures_far_apart_lock_nobody(officer, attempt, time_machine):
    start = timezone.now()
    for hour in range(8):
        time_machine.move_to(start + timedelta(hours=hour), tick=False)
        assert not attempt("zhang", "wrong")
    assert attempt("zhang")


def test_one_account_locked_is_no_other(officer, attempt):
    for _ in range(6):
        attempt("zhang", "wrong")
    assert attempt(make.OfficerFactory().username)


def test_an_address_that_tries_everybody_is_locked(officer, attempt, settings):
    SignInFailure.objects.bulk_create(
        SignInFailure(account=f"u{n}", address="10.9.8.7")
        for n in range(20 * settings.SIGN_IN_FAILURES)
    )
    assert not attempt("zhang", REMOTE_ADDR="10.9.8.7")
    assert attempt("zhang", REMOTE_ADDR="10.9.8.6")


def test_a_claimed_address_is_not_believed(officer, attempt):
    for n in range(5):
        attempt("zhang", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
    assert not attempt("zhang", HTTP_X_FORWARDED_FOR="10.0.0.99")
    assert set(SignInFailure.objects.values_list("address", flat=True)) == {"127.0.0.1"}


PROXIES = "10.0.0.1", "10.1.0.0/16", "fd00::/8"


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1 , 10.1.2.3,10.1.2.4", "198.51.100.1"),
        ("10.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("", "198.51.100.1", None),
    ],
)
def test_where_a_request_comes_from(peer, forwarded, found, rf, settings):
    settings.TRUSTED_PROXIES = [ip_network(one) for one in PROXIES]
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    address = address_of(rf.get("/", REMOTE_ADDR=peer, **more))
    assert (str(address) if address else None) == found


def test_behind_a_proxy_one_guesser_does_not_lock_the_others_out(officer, attempt, settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    SignInFailure.objects.bulk_create(
        SignInFailure(account=f"u{n}", address="198.51.100.1")
        for n in range(20 * settings.SIGN_IN_FAILURES)
    )
    assert not attempt("zhang", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert attempt("zhang", HTTP_X_FORWARDED_FOR="198.51.100.2")


def test_an_attempt_that_is_not_looked_at_leaves_nothing(officer, attempt):
    for _ in range(8):
        assert not attempt("zhang", "wrong")
    assert SignInFailure.objects.count() == 5


def test_failures_that_lock_nobody_are_forgotten(officer, attempt, time_machine):
    start = timezone.now()
    for minute in (0, 40, 50):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        assert not attempt("zhang", "wrong")
    time_machine.move_to(start + timedelta(minutes=70), tick=False)
    assert forget_old_failures(timezone.now()) == {"sign_in_failures": 1}
    assert SignInFailure.objects.count() == 2


def test_signing_in_is_in_the_record(officer):
    page(Client(), "zhang", make.PASSWORD)
    entry = Entry.objects.get(action="user.signed_in")
    assert (entry.actor, entry.unit, entry.changes) == (officer, officer.unit, {})


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/issues/", "/issues/"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_one_stays_here(wanted, goes, officer):
    given = {"username": "zhang", "password": make.PASSWORD, "next": wanted}
    assert Client().post(reverse("sign_in"), given)["Location"] == goes


def test_signing_out_takes_a_post(officer):
    client = Client()
    client.force_login(officer)
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.get("/").status_code == 200
    client.post(reverse("sign_out"))
    assert client.get("/").status_code == 302


def test_who_signs_out_leaves_another_token(officer):
    """The phone compares it to know that somebody else may come (static/js/phone/owner.js)."""
    client = Client()
    client.force_login(officer)
    client.get("/accounts/password/")
    before = client.cookies["csrftoken"].value
    client.post("/accounts/sign-out/")
    assert client.cookies["csrftoken"].value != before


def test_one_who_leaves_is_out_at_once(officer):
    client, token = Client(), api(Client(), "zhang", make.PASSWORD).json()["token"]
    client.force_login(officer)
    officer.is_active = False
    officer.save()
    assert client.get("/").status_code == 302
    headers = {"HTTP_AUTHORIZATION": f"Token {token}"}
    assert Client().get("/api/v1/me/", **headers).status_code == 401
