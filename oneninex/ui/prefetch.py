"""The queries that a page is going to ask, answered beside it while it draws."""

from typing import Any

from oneninex import store
from oneninex.store import sql_catalog
from oneninex.ui.context import audience, snapshot

# In the order in which a page needs them, but for the first, which it asks itself meanwhile; with
# what is asked otherwise than chosen. One that a page does not ask after all costs its time only.
_SOON: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "throughput": (
        ("coverage", {}),
        ("coverage", {"unit_id": None}),
        ("output_by_day", {}),
        ("output_by_modality_month", {"modality": None}),
        ("hours_by_month", {}),
        ("work_set_aside_by_reason", {}),
        ("agreement_by_project_month", {}),
    ),
}


def soon(page: str, **chosen: Any) -> None:
    """Begin with what `page` asks for, given what the reader has chosen."""
    asked = []
    for name, otherwise in _SOON[page]:
        given = {**chosen, **otherwise}
        known = sql_catalog.parameters(name)
        asked.append((name, {key: value for key, value in given.items() if key in known}))
    store.ahead(asked, snapshot=snapshot(), audience=audience())
