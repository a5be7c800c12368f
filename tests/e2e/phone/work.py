"""What an officer enters, as the screens hand it to the engine."""

from django.utils import timezone


def visit(enterprise, **more):
    body = {
        "enterprise": enterprise.pk,
        "channel": "on_site",
        "met": "门卫",
        "happened_at": timezone.now().isoformat(),
        **more,
    }
    return _of(enterprise, "visit", body)


def issue(enterprise, **more):
    body = {"enterprise": enterprise.pk, "kind": "service", "title": "增开夜班", **more}
    return _of(enterprise, "issue", body)


def move(line, name, version=None, **more):
    """On a line, or on the line that a row of the outbox raises."""
    if isinstance(line, dict):
        where, enterprise = {"client_id": line["client_id"]}, line["enterprise"]
    else:
        where, enterprise = line.pk, line.enterprise_id
    body = {"issue": where, "move": name, **more}
    if version is not None:
        body["version"] = version
    return {"kind": "move", "body": body, "enterprise": enterprise, "title": name}


def form(**fields):
    """What stands in a form, as the screens keep it for a draft."""
    return {
        "path": "/m/visit/",
        "screen": "visit",
        "name": "",
        "started_at": timezone.now().isoformat(),
        "fields": fields,
        "photos": [],
    }


def _of(enterprise, kind, body):
    return {
        "kind": kind,
        "body": body,
        "enterprise": enterprise.pk,
        "enterprise_name": enterprise.name,
        "title": enterprise.name,
    }
