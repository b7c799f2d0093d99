"""What `make run` serves: app.py behind the page that oneninex.web puts right."""

import streamlit as st
from starlette.middleware import Middleware

from oneninex import logs, serving, settings, web


def forget_closed_tabs() -> None:
    """Imported late: oneninex.ui registers components, which wants a server that runs."""
    from oneninex.ui import closed_tabs

    closed_tabs.forget()


logs.configure()
door = Middleware(serving.Door)
page = Middleware(web.Page, settings.load().lang, st.get_option("server.baseUrlPath"))
app = st.App(
    "app.py",
    middleware=[door, page],
    routes=serving.routes(),
    lifespan=serving.lifespan(logs.configure, forget_closed_tabs),
)
