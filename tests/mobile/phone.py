"""A phone, as far as the server can tell."""

import hashlib
import json
import uuid

from django.utils import timezone

from tests import factories as make
from tests.api.people import client_of

OUTBOX, UPLOADS = "/mobile/outbox/", "/mobile/uploads/"


def operation(kind, body, *, client_id=None, made_at=None):
    return {
        "client_id": client_id or str(uuid.uuid4()),
        "kind": kind,
        "made_at": (made_at or timezone.now()).isoformat(),
        "body": body,
    }


def visit(enterprise, *, client_id=None, **more):
    body = {"enterprise": enterprise.pk, "channel": "on_site", "met": "门卫", **more}
    body.setdefault("happened_at", timezone.now().isoformat())
    return operation("visit", body, client_id=client_id)


def issue(enterprise, *, client_id=None, made_at=None, **more):
    body = {"enterprise": enterprise.pk, "kind": "service", "title": "增开夜班", **more}
    return operation("issue", body, client_id=client_id, made_at=made_at)


def move(line, name, version=None, **more):
    """On a line, on a line by its id, or on the line that an operation raises."""
    where = (
        {"client_id": line["client_id"]} if isinstance(line, dict) else getattr(line, "pk", line)
    )
    body = {"issue": where, "move": name, **more}
    return operation("move", body if version is None else {**body, "version": version})


def kept(promise):
    return operation("promise_kept", {"promise": promise.pk})


class Phone:
    def __init__(self, user, client=None):
        self.user = user
        self.client = client or client_of(user)

    def batch(self, *operations, sent_at=None, user=None):
        return {
            "user": (user or self.user).pk,
            "sent_at": (sent_at or timezone.now()).isoformat(),
            "operations": list(operations),
        }

    def post(self, body, path=OUTBOX, **headers):
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.generic(
            "POST", path, text, content_type="application/json", headers=headers or None
        )

    def send(self, *operations, **more):
        """The answers to a batch, in its order."""
        answer = self.post(self.batch(*operations, **more))
        assert answer.status_code == 200, answer.content
        results = answer.json()["results"]
        assert [one["client_id"] for one in results] == [one["client_id"] for one in operations]
        return results

    def one(self, sent, **more):
        [answer] = self.send(sent, **more)
        return answer

    def announce(self, content, *, client_id=None, **more):
        body = {
            "user": self.user.pk,
            "client_id": client_id or str(uuid.uuid4()),
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "name": "image.jpg",
            "content_type": "image/jpeg",
            **more,
        }
        return self.post(body, UPLOADS)

    def put(self, client_id, offset, piece, method="PATCH"):
        return self.client.generic(
            method,
            f"{UPLOADS}{client_id}/",
            piece,
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    def upload(self, content=None, client_id=None):
        """All of it; the id that operations name it by."""
        content = content or make.picture_bytes("red")
        begun = self.announce(content, client_id=client_id).json()
        answer = self.put(begun["client_id"], begun["offset"], content[begun["offset"] :])
        assert answer.status_code == 200, answer.content
        return begun["client_id"]


def statuses(answers):
    return [(one["status"], one["code"]) for one in answers]
