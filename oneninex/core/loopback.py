"""Positive proof that a request comes from this machine, and from nowhere else through a proxy."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

_HANDED_ON = {"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"}


def is_local(bound: str | None, peer: str | None, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether server, peer, Host and Origin are all this machine, and no proxy left a mark.

    A proxy that leaves no mark still passes on what the browser typed: its Host or its Origin.
    """
    given = [(name.lower(), value) for name, value in headers]
    if any(name in _HANDED_ON or name.startswith("x-forwarded") for name, _ in given):
        return False
    hosts = [value for name, value in given if name == "host"]
    origins = [urlsplit(value).netloc for name, value in given if name == "origin"]
    named = [_hostname(value) for value in (*hosts, *origins)]
    return bool(hosts) and all(_is_loopback(name) for name in (bound, peer, *named))


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_loopback(name: str | None) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name or "").is_loopback
    except ValueError:
        return False
