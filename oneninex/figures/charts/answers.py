"""The answer to a page's question in one or two sentences, put together from what it shows."""

from collections.abc import Sequence

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures import statements
from oneninex.figures.charts import throughput


def joined(lang: str, *sentences: str) -> str:
    """Sentences one after the other; English ones are parted by a space, empty ones left out."""
    return (" " if lang == "en" else "").join(each for each in sentences if each)


def output(
    months: pa.Table, changes: Sequence[statements.Clause], lang: str, period: str = ""
) -> str:
    """What the newest month delivered and how good it was.

    `months`: throughput_by_month; `changes`: 同比 and 环比 of the accepted items.
    """
    newest = months.to_pylist()[-1]
    if newest["status"] == "M":
        month = formats.month(newest["month"], lang)
        return text("throughput.answer_missing", lang, month=month)
    said = (
        throughput.describe_output(months, lang, changes, period),
        throughput.describe_rates(months, lang, period),
    )
    return joined(lang, *said)
