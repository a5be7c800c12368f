"""Whole addresses of our own pages, for what leaves the page: a calendar link, a card at a gate."""

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest


def of_site(path: str) -> str:
    """The path under SITE_URL, where there is no request to go by. Raises ValueError without it."""
    if not settings.SITE_URL:
        raise ValueError("SITE_URL is not set: nobody could follow the link")
    return urljoin(settings.SITE_URL, path)


def absolute(request: HttpRequest, path: str) -> str:
    """The path under SITE_URL, else under the address by which this request came."""
    return urljoin(settings.SITE_URL or request.build_absolute_uri("/"), path)
