"""The units' map on screen: draw, click, explain."""

from typing import Any

import pyarrow as pa
import pydeck as pdk
import streamlit as st
from streamlit.components.v2 import component

from oneninex.figures import maps
from oneninex.ui.context import lang, t
from oneninex.ui.plan import with_remark

# The picture is drawn anew when it says something else; a unit is chosen by click, Enter or space.
_PICTURE = component(
    "units_picture",
    js="""export default ({ data, parentElement, setTriggerValue }) => {
      let host = parentElement.querySelector(":scope > .units-picture");
      if (!host) {
        host = document.createElement("div");
        host.className = "units-picture";
        host.setAttribute("role", "figure");
        parentElement.append(host);
      }
      if (host.told !== data.picture) host.innerHTML = host.told = data.picture;
      host.setAttribute("aria-label", data.alt);
      const choose = (event) => {
        const unit = event.target.closest("[data-unit]");
        if (!unit || (event.key && event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        setTriggerValue("unit", unit.dataset.unit);
      };
      host.onclick = host.onkeydown = choose;
    }""",
    isolate_styles=False,
)


def unit_picture(picture: str, *, alt: str, key: str) -> str | None:
    """Show maps.svg with its notice; returns the id of the unit that was chosen, or None."""
    given = {"picture": picture, "alt": alt}
    chosen = _PICTURE(data=given, key=key, on_unit_change=lambda: None)
    _notice()
    return chosen.unit


def unit_map_chart(
    deck: pdk.Deck,
    *,
    alt: str,
    key: str = "unit_map",
    height: int = maps.HEIGHT,
    into: str | None = None,
) -> str | None:
    """Draw the map with its notice; returns the id of the unit that was clicked, or None.

    `into` names a filter (unit_filter's key): a click sets it, a click on nothing clears it.
    """
    st.pydeck_chart(
        deck,
        key=key,
        height=height,
        alt=alt,
        selection_mode="single-object",
        on_select=(lambda: _set_filter(key, into)) if into else "rerun",
    )
    _notice()
    return selected_unit(key)


def selected_unit(key: str = "unit_map") -> str | None:
    """The unit that is selected on the map `key`; readable before the map is drawn."""
    selection: Any = st.session_state.get(key)
    objects = selection["selection"]["objects"] if selection else {}
    for layer in (maps.UNITS, maps.LABELS):
        if objects.get(layer):
            return objects[layer][0]["unit_id"]
    return None


def map_legend(units: pa.Table, kind: maps.Measure = "amount") -> None:
    """What the marks mean, in words; only those that the map shows."""
    lines = [f"{sign}  {words}" for sign, words in maps.legend(units, lang(), kind)]
    st.markdown("  \n".join(lines))


def _notice() -> None:
    st.caption(with_remark(t("common.map_notice"), "map"))


def _set_filter(key: str, into: str | None) -> None:
    if into:
        st.session_state[into] = selected_unit(key) or "all"
