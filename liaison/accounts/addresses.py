"""Where a request comes from."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def address_of(request: HttpRequest) -> Address | None:
    """The client's address, as far as somebody we trust says so.

    The peer's own, unless the peer is one of TRUSTED_PROXIES: then the last address in
    X-Forwarded-For that is not, since every proxy adds whom it heard from at the end and what
    stands before is whatever the sender likes to claim. None without a peer (a Unix socket).
    """
    address = _read(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address is not None and _is_trusted(address) and hops:
        before = _read(hops.pop())
        if before is None:
            break
        address = before
    return address


def is_on_this_machine(request: HttpRequest) -> bool:
    """Whether somebody at this very machine asks, with nothing between."""
    peer = _read(request.META.get("REMOTE_ADDR", ""))
    return peer is not None and peer.is_loopback and "HTTP_X_FORWARDED_FOR" not in request.META


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    # A socket for both protocols gives IPv4 peers as ::ffff:10.0.0.1.
    return getattr(address, "ipv4_mapped", None) or address
