"""The main loop as a script does it: over HTTP, with nothing but the API."""

import io
import json
import urllib.error
import urllib.request
import uuid
from datetime import datetime

import pytest
from django.utils import timezone
from PIL import Image

from tests import factories as make


class Script:
    """A client of the standard library, so that nothing of ours is between it and the server."""

    def __init__(self, server, user):
        self.server, self.token = server, None
        self.token = self.post(
            "auth/token", {"username": user.username, "password": make.PASSWORD}
        )["token"]

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, body):
        return self._ask("POST", path, json.dumps(body).encode(), "application/json")

    def upload(self, name, content):
        edge = uuid.uuid4().hex
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        body = f"--{edge}\r\n{head}\r\n\r\n".encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", "evidence/", body, f"multipart/form-data; boundary={edge}")

    def refused(self, path, body):
        with pytest.raises(urllib.error.HTTPError) as caught:
            self.post(path, body)
        return caught.value.code, json.loads(caught.value.read())

    def move(self, issue, name, **fields):
        version = self.get(f"issues/{issue}/")["version"]
        return self.post(f"issues/{issue}/moves/", {"move": name, "version": version, **fields})

    def open(self, path, data=None, content_type=None):
        request = urllib.request.Request(f"{self.server}/api/v1/{path}", data)
        if content_type:
            request.add_header("Content-Type", content_type)
        if self.token:
            request.add_header("Authorization", f"Token {self.token}")
        return urllib.request.urlopen(request, timeout=30)

    def _ask(self, method, path, data=None, content_type=None):
        with self.open(path, data, content_type) as answer:
            return json.loads(answer.read())


def test_a_finding_is_closed_out_by_somebody_else(live_server):
    enterprise = make.AssignedEnterpriseFactory()
    make.AssignedEnterpriseFactory(unit=enterprise.unit)
    handler, chief = make.handler_of(enterprise), make.ChiefFactory(unit=enterprise.unit)
    began = timezone.now()
    officer = Script(live_server.url, handler)

    mine = officer.get("enterprises/?mine=true")["results"]
    assert [one["id"] for one in mine] == [enterprise.pk]
    visit = officer.post(
        "visits/",
        {
            "client_id": str(uuid.uuid4()),
            "enterprise": mine[0]["id"],
            "channel": "on_site",
            "happened_at": timezone.now().isoformat(),
            "roles": ["prevention_instructor"],
            "fronts": ["security_control"],
            "summary": "查看车间与仓库",
            "findings": [{"kind": "hazard", "title": "消防通道堆料"}],
            "promises": [{"text": "三日内复查", "due_on": None}],
        },
    )
    issue = visit["issues"][0]["id"]
    assert officer.get(f"issues/{issue}/")["stage"] == "raised"

    assert officer.move(issue, "accept")["stage"] == "accepted"
    started = officer.move(issue, "start")
    assert started["stage"] == "working"
    assert started["evidence_wanted"] == ["before", "after"]
    body = {"move": "propose", "version": started["version"], "summary": "已清走"}
    status, lacking = officer.refused(f"issues/{issue}/moves/", body)
    assert (status, lacking["missing"]) == (422, ["before", "after"])
    files = [
        officer.upload(f"{colour}.png", make.picture_bytes(colour))["id"]
        for colour in ("red", "green")
    ]
    proposed = officer.move(issue, "propose", summary="已清走", evidence=files)
    assert proposed["stage"] == "proposed"
    assert "close" not in [one["move"] for one in proposed["available_moves"]]

    own = {"move": "close", "version": proposed["version"]}
    status, refusal = officer.refused(f"issues/{issue}/moves/", own)
    assert (status, refusal["code"]) == (422, "not_allowed")
    assert officer.get(f"issues/{issue}/")["stage"] == "proposed"
    approver = Script(live_server.url, chief)
    closed = approver.move(issue, "close", note="已现场复核")
    assert closed["stage"] == "closed"
    assert closed["closed_at"]

    timeline = approver.get(f"issues/{issue}/events/")["results"]
    assert [(one["move"], one["actor"], one["to_stage"]) for one in timeline] == [
        ("raise", str(handler), "raised"),
        ("accept", str(handler), "accepted"),
        ("start", str(handler), "working"),
        ("propose", str(handler), "proposed"),
        ("close", str(chief), "closed"),
    ]
    times = [datetime.fromisoformat(one["at"]) for one in timeline]
    assert times == sorted(times)
    assert all(began <= at <= timezone.now() for at in times)
    assert [one["proof"] for one in timeline[3]["files"]] == ["before", "after"]
    with approver.open(f"issues/{issue}/files/{files[0]}/") as answer:
        picture = Image.open(io.BytesIO(answer.read()))
    assert picture.getpixel((0, 0)) == (255, 0, 0)
