"""What an export of a labeling platform told, in words: counts, hours, and what it cannot tell."""

from collections.abc import Collection, Mapping

from oneninex.core import formats
from oneninex.core.i18n import keys, text

COUNTS = (
    *("tasks", "not_begun", "submitted", "empty", "skipped", "drafts", "expired", "repeated"),
    *("reviewed", "accepted", "rejected"),
    *("gold", "gold_correct", "annotators", "several_on_one_item", "undated", "imported"),
)
CAPABILITIES = (
    *("annotator", "time", "duration", "review", "gold", "skip", "overlap", "objects", "origin"),
)
_ALWAYS = ("tasks", "submitted")
Counts = Mapping[str, int | None]


def told(platform: str, capabilities: Collection[str], counts: Counts, lang: str) -> list[str]:
    """Sentences: what was counted, the hours in both estimates, what the file can and cannot tell.

    A count that is None is what the file cannot tell, and is left to the last sentence.
    """
    title = f"returns.platform.{platform}"
    name = text(title, lang) if title in keys(lang) else platform
    lines = [_t("counted", lang, platform=name, counts=_listed(counts, lang)), _hours(counts, lang)]
    can = [_t(f"can_{one}", lang) for one in CAPABILITIES if one in capabilities]
    cannot = [_t(f"can_{one}", lang) for one in CAPABILITIES if one not in capabilities]
    if can:
        lines.append(_t("tells", lang, listed=formats.listing(can, lang)))
    if cannot:
        lines.append(_t("cannot_tell", lang, listed=formats.listing(cannot, lang)))
    return [line for line in lines if line]


def _listed(counts: Counts, lang: str) -> str:
    shown = [name for name in COUNTS if counts.get(name) or name in _ALWAYS]
    return formats.listing(
        [
            _t(f"count_{name}", lang, number=formats.exact(counts.get(name) or 0, lang))
            for name in shown
        ],
        lang,
    )


def _hours(counts: Counts, lang: str) -> str:
    """The hours as counted, what was taken off the sum, and the estimate from the gaps."""
    parts = [
        _t(key, lang, hours=_as_hours(seconds, lang))
        for key in ("hours_seconds", "hours_capped_seconds", "hours_overlap_seconds",
                    "hours_by_gaps_seconds")
        if (seconds := counts.get(key)) is not None
    ]  # fmt: skip
    return _t("hours", lang, listed=formats.listing(parts, lang)) if parts else ""


def _as_hours(seconds: int, lang: str) -> str:
    return formats.number(seconds / 3600, lang, 1)


def _t(key: str, lang: str, **values: object) -> str:
    return text(f"returns.export.{key}", lang, **values)
