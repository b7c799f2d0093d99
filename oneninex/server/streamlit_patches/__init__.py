"""Changes to Streamlit's private parts, each with a test that fails when Streamlit changes."""
