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
    choose_channels,
    notify,
)
from liaison.notices.delivering import BACK_OFF, deliver
from liaison.notices.models import Channel, Choice, Delivery, UnitChannel
from tests import factories as make
from tests.notices.reachable import KEY, SAID, chooses, kept, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_address")]


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


def test_what_was_told_at_one_station_is_not_read_in_the_group_of_another(robots, officer):
    """Told at two stations and sent together: each group reads what concerns its own."""
    kept(officer, "wecom", "wecombot://first-station")
    chooses(officer, "wecom", digest_at=time(18))
    notify([officer], occasion="a", **SAID)
    officer.unit = make.StationFactory()
    officer.save()
    kept(officer, "wecom", "wecombot://second-station")
    notify([officer], occasion="b", **SAID | {"title": "二所的事"})
    Delivery.objects.update(due_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert deliver() == {"sent": 2}
    read = {path: json.loads(body)["text"]["content"] for path, _type, body in robots.taken}
    assert "走访到期" in read["/wecom?key=first-station"]
    assert "二所的事" in read["/wecom?key=second-station"]
    assert all(("走访到期" in text) != ("二所的事" in text) for text in read.values())


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
