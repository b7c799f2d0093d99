"""SQL that turns a cell's text into a typed value, or NULL where it cannot be read for certain.

Each expression first takes the plain way of writing, which is cheap, and only then the tolerant
one: `case` is lazy, and normalising every cell of a large file costs ten times the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from oneninex.domain.contracts import Field
from oneninex.domain.plan import Plan
from oneninex.ingestion.tables.cleaning import INVISIBLE, SPACES
from oneninex.ingestion.tables.text_values import PLACEHOLDERS, is_judged, is_name_or_code

_SPACES = SPACES + INVISIBLE
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0−"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + "  -"

_FOLD = str.maketrans(_WIDE, _NARROW)

_DAY = r"(\d{4}) *[-/.年] *(\d{1,2}) *[-/.月] *(\d{1,2}) *日?([ T]0?0:00(:00(\.0+)?)?)?"
_MONTH = r"(\d{4}) *[-/.年] *(\d{1,2}) *月?(份)?"
_CUT = r"\d{4} *\. *1"  # may have been 2026.10: Excel drops the last zero of a number
_FIRST = r"(\d{4}) *[-/.年] *(\d{1,2}) *[-/.月] *0?1 *日?([ T]0?0:00(:00(\.0+)?)?)?"
# without Q or 季 a number may as well be a month
_QUARTER = r"(\d{4}) *年? *[-/]? *第? *(?:Q *([1-4]) *(?:季度?)?|([1-4一二三四]) *季度?)"
_HIDDEN = "".join(f"\\x{{{ord(sign):x}}}" for sign in INVISIBLE)
_SPACE = "".join(f"\\x{{{ord(sign):x}}}" for sign in SPACES)
# Neither a space at an end, nor an invisible character, nor a sign that protects a text in Excel.
_TIGHT = rf"(?s)[^{_SPACE}{_HIDDEN}=＝\x{{27}}’＇]([^{_HIDDEN}]*[^{_SPACE}{_HIDDEN}])?"
_PROTECTED = r"""^(?:[=＝] *["“”](.*)["“”]|['’＇](.*))$"""
_GROUPS = r"\d{1,3}((,\d{3}){1,%d}|( \d{3}){1,%d})"  # of thousands
_WHOLE = rf"^(-?(\d{{1,18}}|{_GROUPS % (5, 5)}))(\.0+)?$"
_DECIMAL = rf"^(-?(\d{{1,15}}|{_GROUPS % (4, 4)})(\.\d{{1,30}})?)$"


def literal(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def blank(column: str) -> str:
    """Whether a cell is empty; spaces of any kind count as nothing."""
    return f"case when {column} is null then true else trim({column}, {literal(_SPACES)}) = '' end"


def empty(field: Field, column: str) -> str:
    """Whether a cell of the field is empty or says that there is nothing to say."""
    if not may_stand_for_nothing(field):
        return blank(column)
    return f"({blank(column)} or coalesce({stands_for_nothing(column)}, false))"


def trimmed(column: str) -> str:
    """The cell without surrounding space, invisible characters and the marks of a text."""
    return _unprotected(_translated(column, INVISIBLE, ""))


def folded(column: str) -> str:
    """The cell trimmed, full-width letters, digits and signs as ASCII."""
    return _unprotected(_translated(column, _WIDE + INVISIBLE, _NARROW))


def _translated(column: str, before: str, after: str) -> str:
    """The cell with signs beyond ASCII exchanged, which costs as much as all the rest."""
    exchanged = f"translate({column}, {literal(before)}, {literal(after)})"
    return f"case when strlen({column}) = length({column}) then {column} else {exchanged} end"


def _unprotected(text: str) -> str:
    """The text trimmed, without the ="…" or the apostrophe that keeps Excel from changing it."""
    tight = f"trim({text}, {literal(SPACES)})"
    bare = f"regexp_replace({tight}, {literal(_PROTECTED)}, '\\1\\2', 's')"
    return f"trim({bare}, {literal(SPACES)})"


def exact(field: Field, column: str) -> str | None:
    """SQL for the value of a cell written plainly, where `typed` needs it.

    It may be computed beforehand: within a `case` the same cast would be done twice.
    """
    types = {"integer": "bigint", "date": "date"}
    return f"try_cast({column} as {types[field.type]})" if field.type in types else None


def typed(field: Field, column: str, plan: Plan, plainly: str = "") -> str:
    """SQL for the value of `field` in the text `column`; NULL where empty or not certain.

    `plainly` names the column with the value of `exact`, if there is one.
    """
    if field.type == "integer":
        return _integer(column, plainly or f"try_cast({column} as bigint)")
    if field.type == "number":
        return _number(column)
    if field.type == "date":
        return _date(column, plainly or f"try_cast({column} as date)")
    if field.type == "yearmonth":
        return _month(column)
    return _text(field, column, plan)


def _ungrouped(column: str, pattern: str) -> str:
    """A number without separators of thousands, '' where the text is none.

    The text is folded at one place only: naming it again and again made the statements so long
    that reading them cost more than a small file.
    """
    found = f"regexp_extract({folded(column)}, '{pattern}', 1)"
    return f"replace(replace({found}, ',', ''), ' ', '')"


def _integer(column: str, exact: str) -> str:
    # a cast alone also takes 100.6, 1E+02, 0x10 and 1_000
    return (
        f"case when cast({exact} as varchar) = {column} then {exact} "
        f"when {column} is null then null "
        f"else try_cast({_ungrouped(column, _WHOLE)} as bigint) end"
    )


def _number(column: str) -> str:
    return (
        rf"case when regexp_full_match({column}, '-?\d{{1,15}}(\.\d{{1,30}})?') "
        f"then try_cast({column} as double) when {column} is null then null "
        f"else try_cast({_ungrouped(column, _DECIMAL)} as double) end"
    )


def _date(column: str, exact: str) -> str:
    parted = rf"regexp_replace({folded(column)}, '^(\d{{4}})(\d\d)(\d\d)$', '\1-\2-\3')"
    day = rf"regexp_replace(regexp_extract({parted}, '^{_DAY}$'), '^{_DAY}$', '\1-\2-\3')"
    return (
        f"case when strlen({column}) = 10 and cast({exact} as varchar) = {column} then {exact} "
        f"when {column} is null then null else try_cast({day} as date) end"
    )


def _month(column: str) -> str:
    x = folded(column)
    return (
        f"case when {column} is null then null "
        rf"when regexp_full_match({x}, '\d{{6}}') "
        rf"then try_cast(regexp_replace({x}, '(....)(..)', '\1-\2-01') as date) "
        f"when regexp_full_match({x}, '{_CUT}') then null "
        f"when regexp_full_match({x}, '{_MONTH}') "
        rf"then try_cast(regexp_replace({x}, '^{_MONTH}$', '\1-\2-1') as date) "
        f"when regexp_full_match({x}, '{_FIRST}') "
        rf"then try_cast(regexp_replace({x}, '^{_FIRST}$', '\1-\2-1') as date) end"
    )


def _text(field: Field, column: str, plan: Plan) -> str:
    text = _known_text(field, column, plan)
    if may_stand_for_nothing(field):
        return f"case when {stands_for_nothing(column)} then null else {text} end"
    return text


def may_stand_for_nothing(field: Field) -> bool:
    """Whether 无 or / in the field is read as an empty cell."""
    return is_judged(field) and not is_name_or_code(field)


def stands_for_nothing(column: str) -> str:
    """SQL that is true for a placeholder; most texts are longer than any."""
    longest = max(map(len, PLACEHOLDERS)) + 2
    return f"length({column}) <= {longest} and regexp_full_match({column}, {literal(_PLACEHOLDER)})"


def _wide_or_narrow(sign: str) -> str:
    """The pattern of a character in either width."""
    if not "!" <= sign <= "~":
        return sign
    plain = f"\\{sign}" if not sign.isalnum() else sign
    return f"[{plain}{chr(ord(sign) + 0xFEE0)}]"


_WORDS = "|".join("".join(map(_wide_or_narrow, word)) for word in sorted(PLACEHOLDERS))
_PLACEHOLDER = rf"(?i)[{_SPACE}{_HIDDEN}]*(?:{_WORDS})[{_SPACE}{_HIDDEN}]*"


def _known_text(field: Field, column: str, plan: Plan) -> str:
    if field.reads == "quarter":
        return _quarter(column)
    if field.separator:
        return _several(field, column, plan)
    if known := codes(field, plan):
        return _code(column, known)
    if field.pattern:
        # the form's list shows each enterprise's name behind its code
        named = " .*" if field.check == "uscc" else ""
        whole = literal(f"^({field.pattern})({named})?$")
        return (
            f"case when regexp_full_match({column}, {literal(field.pattern)}) then {column} "
            f"when {column} is null then null "
            f"else nullif(regexp_extract(upper({folded(column)}), {whole}, 1), '') end"
        )
    # the pattern costs four times the comparisons, and trim() with a list of characters sixteen
    plain = f"strlen({column}) = length({column}) and {column} >= '(' and {column} < chr(127)"
    loose = " or ".join(f"ends_with({column}, {literal(space)})" for space in " \t\r\n")
    equals = f"starts_with({column}, '=')"
    return (
        f"case when {plain} and not ({loose} or {equals}) then {column} "
        f"when regexp_full_match({column}, '{_TIGHT}') then {column} "
        f"when {column} is null then null else nullif({trimmed(column)}, '') end"
    )


def _quarter(column: str) -> str:
    x = f"upper({folded(column)})"
    written = rf"regexp_replace({x}, '^{_QUARTER}$', '\1Q\2\3')"
    return (
        f"case when {column} is null then null when regexp_full_match({x}, '{_QUARTER}') "
        f"then translate({written}, '一二三四', '1234') end"
    )


def codes(field: Field, plan: Plan) -> dict[str, str]:
    """What may be written in a field of codes, to its code; empty for any other field."""
    if field.codes in ("units", "scopes"):
        known = _named(plan.units, "unit_id")
        if field.codes == "scopes":
            known = {"city": "city", "全市": "city", **known}
        return known
    if field.codes == "indicators":
        return _named(plan.indicators, "indicator_id")
    known = {code: code for code in field.enum or field.labels}
    for code, names in field.labels.items():
        known |= dict.fromkeys(names, code)
    return known


def _named(table: pa.Table, key: str) -> dict[str, str]:
    known = {row[key]: row[key] for row in table.to_pylist()}
    for row in table.to_pylist():
        for name in (row["name_zh"], row["name_en"]):
            if name:
                known.setdefault(name, row[key])
    return known


def _code(column: str, known: Mapping[str, str]) -> str:
    exact = sorted(set(known.values()))
    same = " or ".join(f"{column} = {literal(code)}" for code in exact)
    return (
        f"case when {same} then {column} when {column} is null then null "
        f"else {_lookup(folded(column), known)} end"
    )


def _lookup(expression: str, known: Mapping[str, str]) -> str:
    """A chain of comparisons: a join here would break the order of rows (ENGINE 3.1)."""
    lowered = {name.translate(_FOLD).lower(): code for name, code in known.items()}
    whens = " ".join(f"when {literal(name)} then {literal(code)}" for name, code in lowered.items())
    return f"case lower({expression}) {whens} end"


def _several(field: Field, column: str, plan: Plan) -> str:
    parts = f"string_split_regex({folded(column)}, ' *[|、,;/] *')"
    found = f"list_transform({parts}, lambda word: {_lookup('word', codes(field, plan))})"
    complete = f"len({found}) = len(list_filter({found}, lambda part: part is not null))"
    once = f"list_filter({found}, lambda part, place: list_position({found}, part) = place)"
    joined = f"array_to_string({once}, {literal(field.separator or '')})"
    pattern = literal(field.pattern or "")
    return (
        f"case when regexp_full_match({column}, {pattern}) then {column} "
        f"when {column} is null then null when {complete} then {joined} end"
    )
