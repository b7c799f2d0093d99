"""What `make run` serves: app.py behind a gate, with headers, and the page of oneninex.web."""

import streamlit as st
from starlette.middleware import Middleware

from oneninex import settings, web
from oneninex.gate import Bounds, Gate, Rules
from oneninex.headers import Headers
from oneninex.limits import Budget
from oneninex.plan import Plan, PlanError
from oneninex.plan.config import Uploads


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


base = st.get_option("server.baseUrlPath")
rules = Rules(
    st.get_option("server.allowedHosts"), st.get_option("server.corsAllowedOrigins"), bounds(), base
)
app = st.App(
    "app.py",
    middleware=[
        Middleware(Headers, base),
        Middleware(Gate, rules),
        Middleware(web.Page, settings.load().lang, base),
    ],
)
