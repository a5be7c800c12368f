"""The sign-ins of a seeded demo station: kept beside the data, shown while they are true."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from django.conf import settings

from liaison.accounts.models import User


class SignIn(TypedDict):
    username: str
    password: str
    kind: str


def keep_sign_ins(passwords: Mapping[str, str]) -> None:
    """Write the passwords by username where only their owner may read them.

    Each with a mark of the account it opens: a sign-in whose account is gone, or whose password
    was changed, is not one any more.
    """
    rows = [
        {
            "username": user.username,
            "password": passwords[user.username],
            "kind": user.kind,
            "opens": _mark(user.password),
        }
        for user in User.objects.filter(username__in=passwords).order_by("pk")
    ]
    path = _path()
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
    Path(file.name).replace(path)


def kept_sign_ins() -> list[SignIn]:
    """Those that open an account in this database now; empty where nothing was seeded."""
    try:
        rows = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    people = User.objects.active().filter(username__in=[row["username"] for row in rows])
    marks = {user.username: _mark(user.password) for user in people.only("username", "password")}
    return [
        {"username": row["username"], "password": row["password"], "kind": row["kind"]}
        for row in rows
        if marks.get(row["username"]) == row["opens"]
    ]


def shown_sign_ins() -> list[SignIn]:
    """Those a page or a terminal may show: none unless in demo mode."""
    return kept_sign_ins() if settings.DEMO else []


def _path() -> Path:
    path: Path = settings.VAR / "demo-credentials.json"
    return path


def _mark(encoded: str) -> str:
    """The stored hash has a salt of its own, so this fits one account of one database."""
    return hashlib.sha256(encoded.encode()).hexdigest()
