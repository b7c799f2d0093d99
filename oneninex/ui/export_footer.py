"""What a file says of itself, for somebody who gets it alone."""

from oneninex.core import formats
from oneninex.ui import filter_summary
from oneninex.ui.context import lang, query, snapshot, t


def about_file(name: str, source: str | None) -> list[str]:
    """What somebody has to know who gets the file alone: demo data, source, day, filters."""
    info = query("snapshot_info").to_pylist()[0]
    cut_off = info["cut_off"]
    if source is None and cut_off:
        source = t("common.cut_off", day=formats.day(cut_off, lang()))
    return [
        *([t("common.demo_banner")] if info["demo"] else []),
        t("ui.file_source", query=name, snapshot=snapshot().id),
        *([source] if source else []),
        *([told] if (told := filter_summary.in_words()) else []),
    ]
