"""Who may ask how a process is doing: this machine, and what ONENINEX_WATCHERS names."""

from __future__ import annotations

import os
from functools import lru_cache
from ipaddress import ip_address, ip_network

from starlette.types import Scope

_FORWARDED = (b"x-forwarded-for", b"x-real-ip", b"forwarded")


def closed(scope: Scope) -> bool:
    """Whether the asker is none of those; what a proxy hands on is never open."""
    headers = dict(scope["headers"])
    if any(headers.get(name) for name in _FORWARDED):
        return True
    client = scope.get("client")
    try:
        address = ip_address(client[0] if client else "")
    except ValueError:
        return True
    listed = _networks(os.environ.get("ONENINEX_WATCHERS", ""))
    return not address.is_loopback and not any(address in network for network in listed)


def forwarded_by_https(scope: Scope) -> bool:
    """Whether the reader's side of the proxy is encrypted."""
    return dict(scope["headers"]).get(b"x-forwarded-proto") == b"https"


@lru_cache(maxsize=4)
def _networks(words: str) -> tuple:
    """The networks of a list such as `10.0.8.5, 10.1.0.0/16`; ValueError for what is none."""
    return tuple(ip_network(word, strict=False) for word in words.replace(",", " ").split())
