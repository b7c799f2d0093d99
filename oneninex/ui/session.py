"""Who is reading: the signed-in person's audience, or why there is none.

Asked anew in every run and by every query, from the identity that the server keeps in a signed
cookie; nothing that a browser sends in an address or a widget has a say in it.
"""

import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit import runtime
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from oneninex.core import settings
from oneninex.core.loopback import is_local
from oneninex.core.sign_ins import State, sign_ins
from oneninex.domain.audience import PLANNER, Audience, audience_of
from oneninex.domain.plan import ANYONE, Plan, PlanError, grants
from oneninex.domain.plan.config import SignIn

NoAccess = Literal["signed_out", "expired", "idle", "no_role", "unguarded"]
# Where there is no such file Streamlit looks for it each time, which every query would pay for.
_SECOND = 1.0
_guard = threading.Lock()
_fresh: set[str] = set()  # sign-ins that the audit trail has not been told of
_looked = 0.0  # until when it is known not to be there


def reader() -> Audience | NoAccess:
    """The audience of whoever reads this session, or why nothing may be shown."""
    if not sign_in_configured():
        return Audience(PLANNER) if _only_this_machine() else "unguarded"
    listed = grants(settings.load().plan)
    everybody = Audience.parse(listed[ANYONE]) if ANYONE in listed else None
    if not st.user.is_logged_in:
        return everybody or "signed_out"
    claims: Mapping[str, Any] = st.user.to_dict()
    if _is_over(claims):
        return "expired"
    if _noted(claims) == "idle":
        return "idle"
    return audience_of(claims, listed) or everybody or "no_role"


def sign_in_configured() -> bool:
    """Whether .streamlit/secrets.toml has a section [auth]."""
    global _looked
    if time.monotonic() < _looked:
        return False
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        _looked = time.monotonic() + _SECOND
        return False


def person() -> str:
    """The name to greet a signed-in person by."""
    claims = st.user.to_dict()
    return str(claims.get("name") or claims.get("email") or claims.get("sub") or "")


def is_signed_in() -> bool:
    """Whether there is somebody to sign out."""
    return sign_in_configured() and bool(st.user.is_logged_in)


def is_new() -> bool:
    """Whether this is the first run of a sign-in in this process; says so once."""
    key = _key(st.user.to_dict()) if is_signed_in() else ""
    with _guard:
        fresh = key in _fresh
        _fresh.discard(key)
    return fresh


def _noted(claims: Mapping[str, Any]) -> State:
    plan = settings.load().plan
    state = sign_ins.note(_key(claims), _idle_seconds(plan, _age(plan / "plan.toml")))
    if state == "new":
        with _guard:
            _fresh.add(_key(claims))
    return state


def _key(claims: Mapping[str, Any]) -> str:
    """Person and moment of a sign-in."""
    return repr([claims.get(name) for name in ("iss", "sub", "email", "iat", "exp")])


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=2)
def _idle_seconds(plan: Path, _changed: int) -> float:
    try:
        minutes = Plan.load(plan).config.sign_in.idle_minutes
    except (OSError, PlanError):  # a plan that is being edited lets nobody stay for ever
        minutes = SignIn().idle_minutes
    return minutes * 60.0


def ends_at() -> float | None:
    """When the sign-in ends, in seconds of the clock; None where nobody signs in."""
    if not is_signed_in():
        return None
    try:
        return float(st.user.to_dict()["exp"])  # pyright: ignore[reportArgumentType]
    except (KeyError, TypeError, ValueError):
        return 0.0


def _is_over(claims: Mapping[str, Any]) -> bool:
    """Streamlit keeps its cookie for a month; the sign-in itself ends when its token does."""
    try:
        return float(claims["exp"]) <= time.time()
    except (KeyError, TypeError, ValueError):
        return True


def _only_this_machine() -> bool:
    """Whether this machine is proved to be the only one that reads this session."""
    bound = st.get_option("server.address")
    server = runtime.get_instance() if runtime.exists() else None
    if type(server) is not runtime.Runtime:  # a page that no server shows: a test
        return is_local(bound, "127.0.0.1", [("host", "localhost")])
    context = get_script_run_ctx()
    client = server.get_client(context.session_id) if context else None
    asked = client.client_context if client else None
    return asked is not None and is_local(bound, asked.remote_ip, asked.headers)
