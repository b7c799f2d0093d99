"""ASGI middleware that runs before Streamlit."""
