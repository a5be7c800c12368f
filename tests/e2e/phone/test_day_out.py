"""A day in the field: all of it written without a network, all of it once at the station."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from issues.models import Event
from liaison.evidence.models import Evidence
from liaison.mobile.models import Operation
from tests import factories as make
from tests.e2e.phone.handset import wait_for_worker
from tests.e2e.phone.weather import AFTER, BEFORE, DURING, Server, Weather
from tests.factories import PASSWORD
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.both, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
ENTERPRISES, EACH, MOVES = 5, 4, 5
VISITS = ENTERPRISES * EACH
# Of what is sent while the day is brought in: well inside the uploads.
KILLED_AT = {9, 40}
SENT_WITHIN = 240  # seconds


@pytest.fixture
def officer(settings):
    # The server is a process of its own, which does not know the tests' quick hasher.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    enterprise = make.AssignedEnterpriseFactory()
    officer = make.handler_of(enterprise)
    for _more in range(ENTERPRISES - 1):
        make.AssignedEnterpriseFactory(unit=enterprise.unit, officer=officer)
    for _line in range(MOVES):
        make.RaisedIssueFactory(enterprise=enterprise)
    return officer


@pytest.fixture
def weather(officer, tmp_path):
    server = Server(tmp_path)
    server.start()
    weather = Weather(server)
    yield weather
    weather.stop()
    server.stop()


@pytest.fixture
def phone(playwright, how_started, weather, tmp_path):
    """Opens the browser of one phone, which keeps what it keeps from one time to the next."""

    @contextmanager
    def opened(*, offline=False):
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "phone", base_url=weather.url, locale="zh-CN", offline=offline, **PHONE,
            **how_started,
        )  # fmt: skip
        context.set_default_timeout(20_000)
        try:
            yield context, context.pages[0]
        finally:
            context.close()

    return opened


def sign_in(page, officer):
    page.goto("/accounts/sign-in/?next=/m/")
    page.get_by_label("手机号或用户名").fill(officer.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/")


def wait_until_kept(page):
    """The data of the day are on the phone, and so is the page."""
    expect(page.locator("#head .sync")).to_have_text("已全部发送")
    wait_for_worker(page)


def log_visit(page, enterprise, summary, photos):
    page.locator('#tabs a[href="/m/enterprises/"]').tap()
    page.get_by_role("link", name=enterprise.name).tap()
    page.locator("#main").get_by_role("link", name="记走访").tap()
    page.locator(".chip", has_text="化解").first.tap()
    page.get_by_label("情况", exact=True).fill(summary)
    page.locator('[data-photos="visit"] input[multiple]').set_input_files(photos)
    expect(page.locator('[data-photos="visit"] img')).to_have_count(len(photos))
    page.get_by_role("button", name="保存走访").tap()
    expect(page.get_by_role("status").first).to_contain_text("已保存到手机")


def accept(page, line):
    page.locator('#tabs a[href="/m/issues/"]').tap()
    page.locator(f'a[href="/m/issues/{line.pk}/"]').tap()
    page.get_by_role("link", name="受理").tap()
    page.get_by_role("button", name="受理").tap()
    expect(page.get_by_role("status").first).to_contain_text("已保存到手机")


def picture(n):
    """Every capture of some phones is called image.jpg."""
    content = make.picture_bytes(["red", "green", "blue", "black"][n % 4])
    return {"name": "image.jpg", "mimeType": "image/png", "buffer": content}


def test_a_day_without_network_arrives_whole_and_once(phone, weather, officer):
    enterprises = [one.enterprise for one in officer.assignments.select_related("enterprise")]
    lines = list(officer.issues_handled.all())
    with phone() as (context, page):
        sign_in(page, officer)
        wait_until_kept(page)
        context.set_offline(True)
        for n in range(VISITS):
            photos = [picture(n), picture(n + 1)]
            log_visit(page, enterprises[n % ENTERPRISES], f"第{n}次看现场", photos)
        for line in lines:
            accept(page, line)

    with phone(offline=True) as (context, page):
        page.goto("/m/outbox/")
        expect(page.locator("#main li")).to_have_count(VISITS + MOVES)
        weather.loses, weather.kill_at = 3, KILLED_AT
        context.set_offline(False)
        send_until_empty(page)

    assert set(weather.lost) == {BEFORE, DURING, AFTER}
    assert weather.killed == len(KILLED_AT)
    visits = Visit.objects.filter(officer=officer)
    assert sorted(visits.values_list("summary", flat=True)) == sorted(
        f"第{n}次看现场" for n in range(VISITS)
    )
    assert {visit.files.count() for visit in visits} == {2}
    assert Evidence.objects.count() == 2 * VISITS
    assert Event.objects.filter(move="accept").count() == MOVES
    assert Operation.objects.filter(status=Operation.Status.DONE).count() == VISITS + MOVES


def send_until_empty(page):
    """The impatient officer presses "send" whenever the phone waits."""
    empty = page.get_by_text("全部已传到所里")
    for _second in range(SENT_WITHIN):
        if empty.count():
            return
        button = page.get_by_role("button", name="现在发送")
        if button.count() and page.locator("#head .sync").inner_text().find("正在发送") < 0:
            button.click()
        page.wait_for_timeout(1000)
    pytest.fail(page.locator("#main").inner_text())
