"""The part of a worker that is sealed, as text."""

import json
from collections.abc import Mapping


def sealed_details(details: Mapping[str, str]) -> str:
    return json.dumps(dict(details), ensure_ascii=False)


def read_details(text: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(text)
    return found
