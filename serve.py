"""What `make run` serves: app.py behind the page that oneninex.web puts right."""

import streamlit as st
from starlette.middleware import Middleware

from oneninex import settings, web

page = Middleware(web.Page, settings.load().lang, st.get_option("server.baseUrlPath"))
app = st.App("app.py", middleware=[page])
