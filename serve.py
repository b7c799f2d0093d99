"""What `make run` serves: app.py behind the page that oneninex.web puts right."""

import streamlit as st
from starlette.middleware import Middleware

from oneninex import compressed, settings, web

base = st.get_option("server.baseUrlPath")
page = Middleware(web.Page, settings.load().lang, base)
app = st.App("app.py", middleware=[Middleware(compressed.Compressed, base), page])
