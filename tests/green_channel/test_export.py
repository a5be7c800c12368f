"""Applications as a file."""

import csv
from io import BytesIO

import pytest
from openpyxl import load_workbook

from liaison.audit.models import Entry
from tests import factories as make

pytestmark = pytest.mark.django_db


def exported(client, kind, query=""):
    answer = client.get(f"/green/export.{kind}{query}")
    assert answer.status_code == 200
    return b"".join(answer)


def test_the_file_has_the_rows_of_the_page_in_its_order(client, enterprise):
    made = [make.ApplicationFactory(enterprise=enterprise) for _ in range(3)]
    decided = make.DecidedApplicationFactory(enterprise=enterprise)
    make.ApplicationFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    client.force_login(desk)
    for query in ("", "?state=new", "?state=ready", "?state=all&order=-new", "?mode=self"):
        page = client.get(f"/green/{query}").context["page"].items
        rows = list(csv.reader(exported(client, "csv", query).decode("utf-8-sig").splitlines()))
        assert [row[0] for row in rows[1:]] == [one.issue.number for one in page], query
    # What the page calls decided has no clock there either.
    ready = exported(client, "csv", "?state=ready").decode("utf-8-sig").splitlines()
    heads, row = csv.reader(ready)
    assert row[0] == decided.issue.number
    assert row[heads.index("下一时限")] == ""
    assert len(made) == 3
    book = load_workbook(BytesIO(exported(client, "xlsx", "?state=all")), read_only=True)
    assert enterprise.name in {cell for row in book.active.values for cell in row}
    assert Entry.objects.filter(action="applications.exported", actor=desk).count() == 7


def test_the_bureau_reads_in_the_file_whose_they_are(client):
    ours = make.ApplicationFactory()
    client.force_login(make.BureauUserFactory(unit=ours.issue.unit.parent))
    assert ours.issue.unit.name in exported(client, "csv").decode()
    assert client.get("/green/export.pdf").status_code == 404
    client.force_login(make.ContactUserFactory(enterprise=ours.issue.enterprise))
    assert client.get("/green/export.csv").status_code in (302, 403, 404)
