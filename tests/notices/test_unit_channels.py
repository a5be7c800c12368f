"""Which addresses a unit's channel may have, whom it serves, who keeps it and how it is tried."""

import json
from datetime import UTC, datetime, time

import pytest

from liaison.core.refused import Refused
from liaison.notices.actions import (
    add_channel,
    change_address,
    switch_channel,
    try_channel,
)
from liaison.notices.channels.addresses import EXAMPLES, check, in_notation, masked, scrubbed
from liaison.notices.models import OF_UNITS, Channel, Choice, UnitChannel
from tests import factories as make
from tests.notices.reachable import KEY, chooses, kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_address")]


# --- which addresses --------------------------------------------------------------------------


@pytest.mark.parametrize("channel", OF_UNITS)
def test_what_is_shown_as_an_example_is_admitted(channel):
    check(channel, in_notation(channel, EXAMPLES[channel]))


WECOM_PAGE = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4"
DINGTALK_PAGE = "https://oapi.dingtalk.com/robot/send?access_token=0123abcdef"


def test_what_a_robots_own_page_gives_may_be_pasted():
    assert in_notation("wecom", f" {WECOM_PAGE}\n") == "wecombot://693a91f6-7abc-4bc4"
    assert in_notation("dingtalk", DINGTALK_PAGE) == "dingtalk://0123abcdef/{phone}"
    for channel, url in (
        ("dingtalk", WECOM_PAGE),
        ("webhook", WECOM_PAGE),
        ("wecom", "https://qyapi.weixin.qq.com.example.com/cgi-bin/webhook/send?key=abc"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
    ):
        assert in_notation(channel, url) == url
        with pytest.raises(Refused):
            check(channel, url)


@pytest.mark.parametrize(
    ("channel", "url", "code"),
    [
        ("wecom", "dingtalk://abc", "not_admitted"),
        ("wecom", "json://127.0.0.1/", "not_admitted"),
        ("wecom", "wecombot://", "unreadable"),
        ("wecom", "wecombot://not a key", "unreadable"),
        ("dingtalk", "dingtalk://a-b-c", "unreadable"),
        ("dingtalk", "wecombot://abc", "not_admitted"),
        ("sms", "twilio://x:y@13800000000/13800000001", "no_phone"),
        ("sms", "json://gateway.example/send", "no_phone"),
        ("sms", "mailto://u:p@example.com?to={phone}", "not_admitted"),
        ("webhook", "json://", "unreadable"),
        ("webhook", "https://server.example/hook", "not_admitted"),
        ("webhook", "server.example", "not_admitted"),
        ("webhook", "", "not_admitted"),
        *[
            ("webhook", url, "not_admitted")
            for url in (
                "file:///etc/passwd", "dbus://", "syslog://", "exec://sh", "windows://", "gnome://",
                "glib://", "macosx://", "rsyslog://h", "smtp://h", "apprise://h/x", "gotify://h/x",
            )
        ],
    ],
)  # fmt: skip
def test_what_does_not_fit_the_channel_is_refused(channel, url, code):
    with pytest.raises(Refused) as refused:
        check(channel, url)
    assert (refused.value.code, refused.value.field) == (code, "url")


def test_an_address_is_never_shown():
    secrets = {
        "wecombot://SECRETKEY": "wecombot://…",
        "dingtalk://SECRET@TOKEN/{phone}": "dingtalk://…",
        "twilio://SID:TOKEN@13800000000/{phone}": "twilio://…",
        "jsons://u:pass@gw.example:8443/SECRET?-token=SECRET&+h=SECRET&:k=SECRET":
            "jsons://gw.example:8443/…",
    }  # fmt: skip
    for url, shown in secrets.items():
        assert masked(url) == shown


def test_what_went_wrong_is_told_without_the_address():
    url = "jsons://user:p%40ssword@gw.example/a/TOKEN1?-key=TOKEN2"
    said = scrubbed("no p@ssword p%40ssword TOKEN1 TOKEN2 at gw.example", url)
    for secret in ("p@ss", "p%40ss", "TOKEN"):
        assert secret not in said


# --- which unit's -----------------------------------------------------------------------------


def test_the_nearest_unit_above_serves_those_without_their_own():
    bureau = make.BureauFactory()
    station, other = make.StationFactory(parent=bureau), make.StationFactory(parent=bureau)
    squad = make.SquadFactory(parent=station)
    elsewhere = make.StationFactory()
    of_bureau = make.UnitChannelFactory(unit=bureau)
    of_station = make.UnitChannelFactory(unit=station)
    hook = make.UnitChannelFactory(unit=bureau, channel="webhook", url="json://h/")
    units = [bureau, station, other, squad, elsewhere]

    def serving():
        found = UnitChannel.objects.serving(units)
        return [found[unit.pk] for unit in units]

    all_of = {"wecom": of_bureau, "webhook": hook}
    its_own = {"wecom": of_station, "webhook": hook}
    assert serving() == [all_of, its_own, all_of, its_own, {}]
    UnitChannel.objects.filter(pk=of_station.pk).update(is_on=False)
    off = {"webhook": hook}
    assert serving() == [all_of, off, all_of, off, {}], "nothing steps in for what was turned off"
    assert UnitChannel.objects.serving([]) == {}


# --- choosing ---------------------------------------------------------------------------------


def test_what_the_unit_does_not_have_cannot_be_chosen(officer):
    for channel in ("wecom", "dingtalk", "sms"):
        with pytest.raises(Refused) as refused:
            chooses(officer, channel)
        assert (refused.value.code, refused.value.field) == ("not_configured", f"by_{channel}")
    assert not Choice.objects.exists()


def test_text_messages_need_a_number():
    nobody = make.OfficerFactory(phone=None)
    kept(nobody, "sms", "json://127.0.0.1:1/?:to={phone}")
    with pytest.raises(Refused) as refused:
        chooses(nobody, "sms")
    assert refused.value.code == "missing"


@pytest.mark.parametrize("hours", [(time(22), None), (None, time(7)), (time(7), time(7))])
def test_quiet_hours_need_both_ends(officer, hours):
    with pytest.raises(Refused) as refused:
        chooses(officer, quiet=hours)
    assert refused.value.field == "quiet_until"


# --- keeping and trying -----------------------------------------------------------------------


@pytest.fixture
def admin(officer):
    return make.DeskFactory(unit=officer.unit, admin_duty="system", phone="13900000001")


@pytest.mark.parametrize("role", ["elsewhere", "below", "chief", "audit"])
def test_only_the_units_system_administrator_keeps_its_channels(officer, role):
    squad = make.SquadFactory(parent=officer.unit)
    by = {
        "elsewhere": lambda: make.DeskFactory(admin_duty="system"),
        "below": lambda: make.OfficerFactory(unit=squad, admin_duty="system"),
        "chief": lambda: make.ChiefFactory(unit=officer.unit),
        "audit": lambda: make.DeskFactory(unit=officer.unit, admin_duty="audit"),
    }[role]()
    channel = kept(officer, "wecom", f"wecombot://{KEY}")
    for verb in (
        lambda: add_channel(officer.unit, "webhook", "json://h/", by=by),
        lambda: change_address(channel, "wecombot://other", by=by),
        lambda: switch_channel(channel, on=False, by=by),
        lambda: try_channel(channel, by=by),
    ):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.code == "not_yours"
    assert UnitChannel.objects.get().url == f"wecombot://{KEY}"


def test_a_unit_has_each_channel_once(officer, admin):
    add_channel(officer.unit, "wecom", f"wecombot://{KEY}", by=admin)
    with pytest.raises(Refused) as refused:
        add_channel(officer.unit, "wecom", "wecombot://other", by=admin)
    assert (refused.value.code, refused.value.field) == ("taken", "channel")


def test_a_test_is_really_sent_and_what_came_of_it_is_kept(robots, officer, admin):
    channel = kept(officer, "wecom", f"wecombot://{KEY}")
    now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert try_channel(channel, by=admin, now=now) == ""
    channel.refresh_from_db()
    assert (channel.last_test_at, channel.last_error) == (now, "")
    assert len(robots.taken) == 1
    robots.answer = json.dumps({"errcode": 93000, "errmsg": f"invalid {KEY}"})
    said = try_channel(channel, by=admin)
    assert "93000" in said
    assert KEY not in said
    channel.refresh_from_db()
    assert channel.last_error == said
    change_address(channel, "wecombot://another", by=admin)
    channel.refresh_from_db()
    assert (channel.last_test_at, channel.last_error) == (None, "")


@pytest.mark.parametrize("channel", ["sms", "webhook"])
def test_a_test_of_what_is_sent_through_apprise(http_sink, officer, admin, channel):
    row = kept(officer, channel, f"json://127.0.0.1:{http_sink.port}/x?:to={{phone}}")
    assert try_channel(row, by=admin) == ""
    assert json.loads(http_sink.taken[0][2])["to"] == "13900000001"
    http_sink.status = 403
    assert "403" in try_channel(row, by=admin)


def test_a_test_needs_a_number_to_send_to(http_sink, officer, admin):
    row = kept(officer, "sms", f"json://127.0.0.1:{http_sink.port}/x?:to={{phone}}")
    admin.phone = None
    assert try_channel(row, by=admin)
    assert not http_sink.taken


def test_a_gateway_that_does_not_answer_holds_nobody_for_long(
    http_sink, officer, admin, monkeypatch
):
    """However long the address asks it to be waited for."""
    monkeypatch.setattr("liaison.notices.channels.addresses.PATIENCE", 0.3)
    http_sink.answers_after = 2
    row = kept(officer, "webhook", f"json://127.0.0.1:{http_sink.port}/x?rto=600&cto=600")
    assert try_channel(row, by=admin)


def test_every_channel_has_what_it_needs():
    assert set(EXAMPLES) == set(OF_UNITS)
    assert set(OF_UNITS) | {Channel.EMAIL} == set(Channel)
