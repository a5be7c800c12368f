"""Clients of the API, and the addresses it has."""

import uuid
from functools import cache

from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient


def client_of(user):
    """A client with this person's token; asking for the token itself is tested apart."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


@cache
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(method):
    """(path, operation) of every address of /api/ that knows this method, from the schema."""
    return [
        (path, methods[method.lower()])
        for path, methods in schema()["paths"].items()
        if path.startswith("/api/") and method.lower() in methods
    ]


def is_list(operation):
    return any(one["name"] == "page_size" for one in operation.get("parameters", ()))


LISTS = [path for path, operation in operations("GET") if is_list(operation)]
POSTS = [path for path, _operation in operations("POST")]
# Their address says it all; they take no field, and need no body.
NEED_NO_BODY = {"/api/v1/notices/{id}/read/", "/api/v1/day-plan/"}


def visit_body(enterprise, **more):
    return {
        "client_id": str(uuid.uuid4()),
        "enterprise": enterprise.pk,
        "channel": "on_site",
        "met": "门卫",
        "happened_at": timezone.now().isoformat(),
        **more,
    }


def assert_problem(answer, status):
    """Every error has the same shape."""
    assert answer.status_code == status, (answer.status_code, answer.content[:400])
    body = answer.json()
    assert body["code"]
    assert body["message"]
    assert isinstance(body["field"], str)
    if status == 400:
        assert body["errors"]
        assert all(isinstance(one, list) and one for one in body["errors"].values())
    return body
