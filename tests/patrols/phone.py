"""What a guard's phone sends by its link, for the tests."""

import uuid

from django.test import Client
from django.utils import timezone

from patrols.models import (
    CheckpointCode,
    RunStop,
)


def operation(what, made_at=None, **body):
    made_at = made_at or timezone.now()
    return {
        "client_id": str(uuid.uuid4()),
        "kind": what,
        "made_at": made_at.isoformat(),
        "body": body,
    }


def send(token, *operations, sent_at=None):
    body = {
        "sent_at": (sent_at or timezone.now()).isoformat(),
        "operations": list(operations),
    }
    path = f"/n/{token}/operations/"
    answer = Client().post(path, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()["answers"]


def codes(night):
    stops = RunStop.objects.filter(run__night=night).order_by("position")
    places = [one.checkpoint_id for one in stops]
    held = CheckpointCode.objects.all().holding().filter(checkpoint__in=places)
    by_place = {one.checkpoint_id: one for one in held}
    return [by_place[place] for place in places]
