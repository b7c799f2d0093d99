"""The map as the browser gets it."""

import orjson
import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize


class QuickDeck(pdk.Deck):
    """A map whose JSON is written by the quick writer: there are thousands of corners in it."""

    def to_json(self) -> str:
        """What Streamlit sends to the browser."""
        return orjson.dumps(self, default=default_serialize).decode()
