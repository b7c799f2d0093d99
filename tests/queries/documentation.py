"""docs/queries.md, made from the queries themselves: python -m tests.queries.documentation."""

from __future__ import annotations

import csv
import re

import pyarrow as pa

from oneninex.core.settings import ROOT
from oneninex.store import parameter_domains, sql_catalog
from tests.queries.given import Given
from tests.queries.test_every_query import KEYS

PAGE = ROOT / "docs" / "queries.md"
COLUMNS = ROOT / "queries" / "columns.csv"
TYPES = {
    pa.string(): "text",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.date32(): "date",
    pa.bool_(): "yes or no",
    pa.timestamp("us"): "time",
}
PREAMBLE = """# Queries

<!-- Made by `python -m tests.queries.documentation`; a test says when it is out of date. -->

Each file of `queries/` is one statement that reads a snapshot and returns one tidy table:
`python -m oneninex query NAME -p key=value`. A parameter left out means all. Rates are
fractions, months the first day of the month, codes join and names display. Missing is empty,
never 0. What the columns mean is kept in `queries/columns.csv`, in Chinese and English, the
domain of each parameter in `queries/parameters.csv`: `month` is the first day of a month,
`table.column` the codes of that table. Any other value ends with exit code 64.
"""


def meanings() -> dict[str, dict[str, str]]:
    """Unit and meaning of each column name."""
    with COLUMNS.open(encoding="utf-8", newline="") as file:
        return {row["column"]: row for row in csv.DictReader(file)}


def header(name: str) -> tuple[list[str], list[str]]:
    """The words at the head of a query: about the table, and about its parameters."""
    comment = []
    for line in sql_catalog.text(name).splitlines():
        if not line.startswith("--"):
            break
        comment.append(line.removeprefix("--").strip())
    first = next((n for n, line in enumerate(comment) if line.startswith("$")), len(comment))
    last = max([n for n, line in enumerate(comment) if line.startswith("$")], default=-1)
    # A sentence about a parameter may run on to the next line.
    while 0 <= last < len(comment) - 1 and not comment[last].endswith("."):
        last += 1
    about = comment[:first] + comment[last + 1 :] if last >= 0 else comment
    return about, comment[first : last + 1]


def section(given: Given, name: str) -> str:
    """One query: grain, parameters and columns."""
    about, parameters = header(name)
    lines = [f"## {name}", "", " ".join(about), ""]
    if parameters:
        lines += ["Parameters: " + re.sub(r"\$(\w+)", r"`\1`", " ".join(parameters)), ""]
        named = (
            (p, parameter_domains.domain(name, p)) for p in sorted(sql_catalog.parameters(name))
        )
        domains = (f"`{p}` {said.replace('|', ', ')}" for p, said in named if said)
        lines += [f"Domains: {'; '.join(domains)}.", ""]
    lines += [f"Key: {', '.join(f'`{column}`' for column in KEYS[name])}", ""]
    lines += ["| column | type | unit | meaning |", "|---|---|---|---|"]
    known = meanings()
    for field in given.table(name).schema:
        meaning = known[field.name]
        cells = [f"`{field.name}`", TYPES[field.type], meaning["unit"], meaning["en"]]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole document."""
    given = Given()
    return "\n".join([PREAMBLE, *(section(given, name) for name in sql_catalog.names())])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
