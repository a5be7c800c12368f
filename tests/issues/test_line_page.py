"""What the page of a line says of its deadlines, at a glance."""

from datetime import date, datetime

import pytest
from django.test import Client

from issues.actions import VERBS
from issues.actions.engine import Proven
from liaison.core.workdays import CHINA
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(time_machine):
    """Monday; five working days."""
    time_machine.move_to(datetime(2026, 3, 2, 10, tzinfo=CHINA), tick=False)
    return make.WorkingIssueFactory(kind="other")


def page_of(line):
    client = Client()
    client.force_login(line.handler)
    client.cookies["django_language"] = "en"
    return client.get(f"/issues/{line.number}/").content.decode()


def beside_the_title(page):
    return page.partition("</h1>")[2].partition('class="due')[2].partition("</time>")[0]


def test_the_deadline_stands_beside_the_title(line, time_machine):
    assert beside_the_title(page_of(line)).endswith(">March 9")
    time_machine.move_to(datetime(2026, 3, 11, 10, tzinfo=CHINA))
    assert beside_the_title(page_of(line)).endswith(">Overdue by 2 days")


def test_while_it_waits_the_next_stage_keeps_its_own_deadline(line):
    wait = {"awaited": "检测报告", "awaited_from": "检测机构", "until": date(2026, 3, 20)}
    VERBS["wait"](line, by=line.handler, version=line.version, **wait)
    page = page_of(line)
    assert beside_the_title(page).endswith(">March 20")
    assert "<small>due 03-09 10:00</small>" in page
    assert "03-21 00:00" not in page


def test_a_voice_note_is_listened_to_where_it_was_put(line):
    file = make.RecordingFactory(by=line.handler)
    VERBS["note"](line, by=line.handler, note="见录音", files=[Proven(file.pk)])
    where = f"/issues/{line.number}/files/{file.pk}/"
    assert f'<audio controls preload="none" src="{where}" aria-label="Voice note 0:01">' in page_of(
        line
    )
    client = Client()
    client.force_login(line.handler)
    heard = client.get(where, headers={"Range": "bytes=4-11"})
    assert (heard.status_code, b"".join(heard)) == (206, b"ftypM4A ")


def test_the_ladder_names_the_handler_as_a_line_does(line):
    assert "reminder → Handler<" in page_of(line)
