"""The answer to a page's question in one or two sentences, put together from what it shows."""

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import target_words, throughput
from oneninex.figures.charts.decisions import Matter
from oneninex.figures.charts.target_words import Looks


def joined(lang: str, *sentences: str) -> str:
    """Sentences one after the other; English ones are parted by a space, empty ones left out."""
    return (" " if lang == "en" else "").join(each for each in sentences if each)


def output(months: pa.Table, lang: str) -> str:
    """What the newest month delivered and how good it was; `months`: throughput_by_month."""
    newest = months.to_pylist()[-1]
    if newest["status"] == "M":
        month = formats.month(newest["month"], lang)
        return text("throughput.answer_missing", lang, month=month)
    said = (throughput.describe_output(months, lang), throughput.describe_rates(months, lang))
    return joined(lang, *said)


def overview(targets: pa.Table, found: Sequence[Matter], looks: Looks, lang: str) -> str:
    """How many targets stand how, and how many matters need a decision.

    `targets`: targets_progress; `found`: decisions.matters.
    """
    words = Counter(
        target_words.state_word(row["state"], row["light"], looks, lang)
        for row in sorted(targets.to_pylist(), key=target_words.urgency)
    )
    counts = [
        text("targets.summary_count", lang, word=word, count=count) for word, count in words.items()
    ]
    said = text(
        "targets.summary",
        lang,
        total=formats.exact(targets.num_rows, lang),
        counts=text("targets.summary_separator", lang).join(counts),
    )
    matters = "overview.answer_matters" if found else "overview.answer_no_matter"
    return joined(lang, said, text(matters, lang, count=len(found)))
