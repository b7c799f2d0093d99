"""Where returns are taken, when this process may only read the store."""

import os

import streamlit as st

from oneninex.core import settings
from oneninex.store import Store
from oneninex.ui.context import t

VARIABLE = "ONENINEX_SEND_AT"  # the address that takes returns, behind the same proxy or not


def taken_elsewhere() -> bool:
    """Say so, with a link where there is one, and return True, unless this process may write."""
    if Store(settings.load().store).is_writable:
        return False
    st.info(t("returns.reads_only"), icon=":material/visibility:")
    if address := os.environ.get(VARIABLE):
        st.link_button(t("returns.send_elsewhere"), address, icon=":material/open_in_new:")
    return True
