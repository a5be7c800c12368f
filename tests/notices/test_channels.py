"""What goes out by a unit's channels, on the wire; robots' hosts are stood in for by this machine.

The real WeCom and DingTalk, and real gateways for text messages, are never reached from here.
"""

import json
import logging
from datetime import UTC, datetime, time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from apprise.plugins.wecombot import NotifyWeComBot

from liaison.accounts.models import User
from liaison.core.refused import Refused
from liaison.notices.actions import (
    add_channel,
    change_address,
    choose_channels,
    notify,
    switch_channel,
    try_channel,
)
from liaison.notices.channels.addresses import EXAMPLES, check, masked, scrubbed
from liaison.notices.delivering import BACK_OFF, deliver
from liaison.notices.models import OF_UNITS, Channel, Choice, Delivery, UnitChannel
from tests import factories as make

pytestmark = pytest.mark.django_db

KEY = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"
SAID = {"kind": "test", "title": "走访到期", "text": "今天", "url": "/visits/"}


@pytest.fixture(autouse=True)
def address(settings):
    settings.SITE_URL = "https://liaison.example"


@pytest.fixture
def officer():
    return make.OfficerFactory(phone="13912345678", name="王警官")


def kept(officer, channel, url):
    return make.UnitChannelFactory(unit=officer.unit, channel=channel, url=url)


def chooses(officer, *channels, **more):
    choose_channels(officer, address=officer.email, by=set(channels), **more)


def states():
    return list(Delivery.objects.order_by("pk").values_list("channel", "state"))


# --- which addresses --------------------------------------------------------------------------


@pytest.mark.parametrize("channel", OF_UNITS)
def test_what_is_shown_as_an_example_is_admitted(channel):
    check(channel, EXAMPLES[channel])


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


# --- on the wire ------------------------------------------------------------------------------


def test_a_wecom_group_reads_for_whom_it_is(robots, officer):
    kept(officer, "wecom", f"wecombot://{KEY}")
    chooses(officer, "wecom")
    notify([officer], occasion="a", **SAID)
    assert deliver() == {"sent": 1}
    [(path, _type, body)] = robots.taken
    assert path == f"/wecom?key={KEY}"
    text = json.loads(body)["text"]["content"]
    assert text == "@王警官\n走访到期\n今天\nhttps://liaison.example/visits/"


def test_a_long_message_is_cut_to_what_a_robot_takes(robots, officer):
    kept(officer, "wecom", f"wecombot://{KEY}")
    chooses(officer, "wecom")
    notify([officer], occasion="a", **SAID | {"text": "长" * 3000})
    assert deliver() == {"sent": 1}
    text = json.loads(robots.taken[0][2])["text"]["content"]
    assert 2040 < len(text.encode()) <= 2048
    assert text.endswith("…")


def test_a_dingtalk_group_is_signed_to_and_calls_the_person(robots, officer):
    kept(officer, "dingtalk", "dingtalk://SECabc@token9/{phone}")
    chooses(officer, "dingtalk")
    notify([officer], occasion="a", **SAID)
    assert deliver() == {"sent": 1}
    [(path, _type, body)] = robots.taken
    asked = parse_qs(urlsplit(path).query)
    assert asked["access_token"] == ["token9"]
    assert asked["timestamp"]
    assert len(asked["sign"][0]) == 44, "base64 of SHA-256, quoted once"
    said = json.loads(body)
    assert said["at"]["atMobiles"] == ["13912345678"]
    assert "走访到期" in said["text"]["content"]


@pytest.mark.parametrize("channel", ["wecom", "dingtalk"])
@pytest.mark.parametrize(
    ("status", "answer", "why"),
    [
        (200, '{"errcode": 93000, "errmsg": "invalid webhook url"}', "93000"),
        (200, "<html>sign in</html>", "HTTP 200"),
        (200, "[]", "HTTP 200"),
        (500, "", "HTTP 500"),
        (302, "", "HTTP 302"),
    ],
)
def test_a_robot_that_refuses_is_no_success(robots, officer, channel, status, answer, why):
    """Robots answer 200 when they refuse."""
    kept(officer, channel, {"wecom": f"wecombot://{KEY}", "dingtalk": "dingtalk://token9"}[channel])
    chooses(officer, channel)
    robots.status, robots.answer = status, answer
    notify([officer], occasion="a", **SAID)
    assert deliver() == {"pending": 1}
    assert why in Delivery.objects.get().last_error


def test_a_text_message_through_a_gateway_of_ones_own(http_sink, officer):
    kept(officer, "sms", f"json://127.0.0.1:{http_sink.port}/send?:to={{phone}}&-key=abc")
    chooses(officer, "sms")
    notify([officer], occasion="a", **SAID)
    assert deliver() == {"sent": 1}
    [(path, _type, body)] = http_sink.taken
    said = json.loads(body)
    assert path == "/send?key=abc"
    assert (said["to"], said["message"]) == ("13912345678", "走访到期")


@pytest.mark.parametrize("schema", ["json", "form", "xml"])
def test_a_webhook_is_told_of_all_that_the_units_people_are_told(http_sink, officer, schema):
    kept(officer, "webhook", f"{schema}://127.0.0.1:{http_sink.port}/hook")
    colleague = make.OfficerFactory(unit=officer.unit, name="李<警官>")
    stranger = make.OfficerFactory()
    # Whatever they chose: the webhook is the unit's.
    chooses(officer, quiet=(time(0), time(23, 59)), digest_at=time(8))
    notify([officer, colleague, stranger], occasion="a", **SAID)
    notify([officer], occasion="b", **SAID)
    assert deliver() == {"sent": 3}, "one request each"
    bodies = [body for _path, _type, body in http_sink.taken]
    if schema == "json":
        one = json.loads(bodies[0])
        assert one["recipient"] == "王警官"
        assert (one["title"], one["kind"]) == ("走访到期", "test")
        assert one["url"] == "https://liaison.example/visits/"
        assert "今天" in one["message"]
    elif schema == "form":
        one = {name: values[0] for name, values in parse_qs(bodies[0]).items()}
        assert (one["recipient"], one["title"], one["kind"]) == ("王警官", "走访到期", "test")
    else:
        assert "李&lt;警官&gt;" in bodies[1]


def test_what_is_confidential_leaves_as_the_fact_that_there_is_something(
    robots, http_sink, officer
):
    port = http_sink.port
    kept(officer, "webhook", f"json://127.0.0.1:{port}/hook")
    kept(officer, "wecom", f"wecombot://{KEY}")
    kept(officer, "dingtalk", "dingtalk://token9")
    kept(officer, "sms", f"json://127.0.0.1:{port}/sms?:to={{phone}}")
    chooses(officer, "wecom", "dingtalk", "sms")
    for occasion in "ab":  # alone, and as two in one message
        notify(
            [officer], occasion=occasion, kind="issue.lead", title="铝锭失窃线索", text="仓库",
            url="/issues/LSL-9/", confidential=True,
        )  # fmt: skip
        deliver()
    notify([officer], occasion="c", **SAID | {"title": "铝锭失窃线索"}, confidential=True)
    notify([officer], occasion="d", **SAID)
    deliver()
    assert len(http_sink.taken) == 13
    for _path, _type, body in http_sink.taken:
        said = str(json.loads(body))
        for words in ("失窃", "仓库", "LSL-9", "issue.lead"):
            assert words not in said


def test_several_to_one_person_are_one_message_by_each_channel(robots, officer):
    kept(officer, "wecom", f"wecombot://{KEY}")
    kept(officer, "dingtalk", "dingtalk://token9")
    chooses(officer, "wecom", "dingtalk")
    for n in range(30):
        notify([officer], occasion=f"{n}", **SAID | {"title": f"示例{n}"})
    assert deliver() == {"sent": 60}
    assert len(robots.taken) == 2
    assert "10" in json.loads(robots.taken[0][2])["text"]["content"].splitlines()[-2]


# --- what goes wrong --------------------------------------------------------------------------


def test_nobody_listens(officer, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    kept(officer, "webhook", "json://user:hunter22@127.0.0.1:1/TOKEN77?-key=TOKEN88")
    notify([officer], occasion="a", **SAID)
    assert deliver() == {"pending": 1}
    delivery = Delivery.objects.get()
    assert delivery.last_error
    shown = delivery.last_error + caplog.text + "".join(capfd.readouterr())
    for secret in ("hunter22", "TOKEN77", "TOKEN88"):
        assert secret not in shown


def test_a_robot_whose_network_cannot_be_reached_is_a_failure(robots, officer, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(NotifyWeComBot, "notify_url", "http://127.0.0.1:1/?key={key}")
    kept(officer, "wecom", f"wecombot://{KEY}")
    chooses(officer, "wecom")
    notify([officer], occasion="a", **SAID)
    assert deliver() == {"pending": 1}
    delivery = Delivery.objects.get()
    assert "ConnectionError" in delivery.last_error
    assert KEY not in delivery.last_error + caplog.text


@pytest.mark.parametrize("how", ["turned off", "gone", "unreadable"])
def test_a_channel_whose_settings_have_gone_says_so_and_fails(robots, officer, how):
    channel = kept(officer, "wecom", f"wecombot://{KEY}")
    chooses(officer, "wecom")
    with time_machine.travel(datetime(2026, 3, 2, 1, tzinfo=UTC), tick=False) as clock:
        notify([officer], occasion="a", **SAID)
        match how:
            case "turned off":
                UnitChannel.objects.update(is_on=False)
            case "gone":
                channel.delete()
            case "unreadable":
                UnitChannel.objects.update(url="wecombot://")
        for wait in BACK_OFF:
            assert deliver() == {"pending": 1}
            clock.shift(wait)
        assert deliver() == {"failed": 1}
    delivery = Delivery.objects.failed().get()
    assert delivery.last_error
    assert how == "unreadable" or str(Channel.WECOM.label) in delivery.last_error
    assert not robots.taken


def test_one_that_the_other_side_refuses_holds_up_no_other(http_sink, officer):
    kept(officer, "webhook", f"json://127.0.0.1:{http_sink.port}/hook")
    http_sink.dislikes = "BAD"
    for n, title in enumerate(("GOOD1", "BAD", "GOOD2")):
        notify([officer], occasion=f"{n}", **SAID | {"title": title})
    assert deliver() == {"sent": 2, "pending": 1}
    assert "500" in Delivery.objects.get(state="pending").last_error


def test_without_the_unit_having_it_nothing_waits_to_be_sent(officer):
    Choice.objects.create(person=officer, by_wecom=True, by_sms=True)
    notify([officer], occasion="a", **SAID)
    assert not Delivery.objects.exists()


def test_what_a_contact_is_told_goes_to_no_group_and_no_webhook(configured, robots, officer):
    for channel, url in {
        "wecom": f"wecombot://{KEY}",
        "webhook": f"json://127.0.0.1:{robots.port}/hook",
        "sms": f"json://127.0.0.1:{robots.port}/send?:to={{phone}}",
    }.items():
        kept(officer, channel, url)
    contact = make.ContactUserFactory(enterprise__unit=officer.unit, phone="13900000009")
    with pytest.raises(Refused):
        chooses(contact, "wecom")
    choose_channels(contact, address="a@b.example", by={"email", "sms"})
    Choice.objects.update(by_wecom=True)
    notify([User.objects.get(pk=contact.pk)], occasion="a", **SAID)
    assert states() == [("email", "pending"), ("sms", "pending")]
    assert deliver() == {"sent": 2}
    [(path, _type, body)] = robots.taken
    assert (path, json.loads(body)["to"]) == ("/send", "13900000009")


def test_a_text_message_to_somebody_without_a_number_is_dropped(http_sink, officer):
    kept(officer, "sms", f"json://127.0.0.1:{http_sink.port}/send?:to={{phone}}")
    chooses(officer, "sms")
    notify([officer], occasion="a", **SAID)
    officer.phone = None
    officer.save()
    assert deliver() == {"dropped": 1}
    assert not http_sink.taken


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
