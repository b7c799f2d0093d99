"""The answer to a page's question in one or two sentences, put together from what it shows."""

import pyarrow as pa

from oneninex.core import formats
from oneninex.core.i18n import text
from oneninex.figures.charts import throughput


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
