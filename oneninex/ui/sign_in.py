"""The door: signing in and out, and why somebody cannot come in."""

import streamlit as st
from streamlit.components.v2 import component

from oneninex.domain.audience import Audience
from oneninex.ui import audit, session
from oneninex.ui.context import t

# The provider sends everybody back to the first page. The tab itself remembers which address was
# asked for (a path on this server, never another one) and goes there once somebody is let in.
_WANTED = component(
    "wanted_address",
    js="""export default ({ data }) => {
      const key = "wanted_address"
      const here = location.pathname + location.search
      if (data.closed) return sessionStorage.setItem(key, here)
      const wanted = sessionStorage.getItem(key)
      sessionStorage.removeItem(key)
      if (wanted && wanted !== here) location.replace(location.origin + wanted)
    }""",
)


def door(why: session.NoAccess) -> None:
    """Say why nothing is shown, and what to do about it."""
    if why == "idle":
        audit.refused("sign_out", why)
    elif why != "signed_out":
        audit.refused("sign_in_refused", why)
    with st.container(border=True, key="door"):
        st.title(t("access.title"), anchor=False)
        st.markdown(t(f"access.{why}"))
        if why in ("signed_out", "expired", "idle"):
            st.button(t("access.sign_in"), key="sign_in", type="primary", on_click=st.login)
            _WANTED(data={"closed": True}, key="wanted_address")
        elif why == "no_role":
            st.caption(t("access.signed_in_as", name=session.person()))
            st.button(t("access.sign_out"), key="sign_out", on_click=_leave)


def person() -> None:
    """Who reads and as what, with the way out; nothing where nobody has to sign in."""
    if not session.sign_in_configured():
        return
    reader = session.reader()
    if not isinstance(reader, Audience):
        return
    _WANTED(data={"closed": not session.is_signed_in()}, key="wanted_address")
    with st.container(horizontal=True, width="content", vertical_alignment="center", key="person"):
        st.caption(_role(reader), width="content")
        if session.is_signed_in():
            st.button(t("access.sign_out"), key="sign_out", on_click=_leave, type="tertiary")
        else:
            st.button(t("access.sign_in"), key="sign_in", on_click=st.login, type="tertiary")


def _leave() -> None:
    audit.signed_out()
    st.logout()


def _role(reader: Audience) -> str:
    return t(f"access.role_{reader.kind}", unit=reader.unit_id or "")
