"""What `make run` serves: app.py behind a gate, with headers, and the page of oneninex.web."""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime import runtime

from oneninex import logs, serving, settings, warm, web
from oneninex.compressed import Compressed
from oneninex.gate import Bounds, Gate, Rules
from oneninex.headers import Headers
from oneninex.limits import Budget
from oneninex.plan import Plan, PlanError
from oneninex.plan.config import Uploads

BUNDLE = 0.05  # seconds


def bounds() -> Bounds:
    """How many uploads the plan lets in; a plan that is being edited does not open the gate."""
    try:
        rules = Plan.load(settings.load().plan).config.uploads
    except (OSError, PlanError):
        rules = Uploads()
    seconds = rules.minutes * 60.0
    return Bounds(
        Budget(rules.files_per_reader, seconds),
        Budget(rules.files_in_all, seconds),
        Budget(rules.megabytes_in_all * 1e6, seconds),
    )


def begin() -> None:
    """Load what every page needs; Streamlit has set up its own log by now."""
    logs.configure()
    send_larger_bundles()
    warm.beside()


def send_larger_bundles() -> None:
    """Wait a little longer between the bundles in which a page is sent.

    Streamlit sends what a script has made every 5 milliseconds, and the browser draws the page
    anew for each bundle: with fewer of them it is done sooner (docs/performance.md).
    """
    runtime.MESSAGE_FLUSH_INTERVAL_SECS = BUNDLE  # pyright: ignore[reportPrivateImportUsage]


def forget_closed_tabs() -> None:
    """Free the memory of tabs whose readers are gone."""
    from oneninex.ui import closed_tabs

    closed_tabs.forget()


logs.configure()
base = st.get_option("server.baseUrlPath")
rules = Rules(
    st.get_option("server.allowedHosts"), st.get_option("server.corsAllowedOrigins"), bounds(), base
)
app = st.App(
    "app.py",
    middleware=[
        Middleware(Headers, base),
        Middleware(Gate, rules),
        Middleware(serving.Door),
        Middleware(Compressed, base),
        Middleware(web.Page, settings.load().lang, base),
    ],
    routes=serving.routes(),
    lifespan=serving.lifespan(begin, forget_closed_tabs),
)
