"""The catalogues are complete, alike in both languages, and fit the code that uses them."""

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from oneninex.core import i18n
from oneninex.core.settings import LANGS, ROOT

AREAS = sorted(path.stem for path in (i18n.LOCALE / "zh").glob("*.po"))
KEY = re.compile(rf"({'|'.join(AREAS)})\.[a-z0-9_.]*[a-z0-9]")
# plan.toml is a file, not a key of the area `plan`
FILE_NAME = re.compile(r".*\.(?:toml|csv|json|xlsx|po|css|sql|py|typ|html|js)")
TEMPLATES = ROOT / "oneninex" / "figures" / "render" / "templates"
WRITTEN = re.compile(r"""["']([a-z_]+\.[a-z0-9_.]+)["'](\s*~)?""")
# What may stand in Latin letters within Chinese: names, formats, units, methods, capitals
# (PDF, HHI), identifiers with an underscore, options, paths and commands.
LATIN = set(
    re.findall(
        r"\w+",
        """
        OneNineX Excel Parquet Python Java JavaScript Debian DuckDB Spark spark iceberg English
        OpenStreetMap contributors ODbL
        Label Studio CVAT Labelbox Toloka Prodigy doccano LabelU samples Numbers
        OpenDocument Word Laney chmod
        for images video jobs tasks all submitted
        city Wilson Theil Krippendorff alpha XmR true false Asia Shanghai
        make run test python oneninex quarantine snapshots planner leadership public
        """,
    )
)
IDENTIFIER = re.compile(r"--[\w-]+|[\w.]*[_/][\w./]*|[\w-]*\.(?:toml|csv|md|xls|xlsx|ods|json)\b")
COMMAND = re.compile(r"python -m oneninex [a-z]+|apt-get install [\w-]+|pip install [\w. -]+")


def catalogue(lang: str) -> dict[str, str]:
    messages: dict[str, str] = {}
    for area in sorted((i18n.LOCALE / lang).glob("*.po")):
        messages |= i18n.read_area(area)
    return messages


def placeholders(message: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


@cache
def code() -> list[ast.Module]:
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "oneninex").rglob("*.py")]
    return [ast.parse(file.read_text(encoding="utf-8")) for file in files if file.exists()]


def plain_strings() -> set[str]:
    """The string constants of the code that are not a piece of an f-string."""
    nodes = [node for module in code() for node in ast.walk(module)]
    pieces = {
        id(piece) for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values
    }
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces
    }


def in_templates() -> tuple[set[str], set[str]]:
    """The keys that templates name whole, and those of which they name the beginning."""
    files = TEMPLATES.rglob("*.html")
    found = [key for file in files for key in WRITTEN.findall(file.read_text(encoding="utf-8"))]
    whole = {key for key, goes_on in found if not goes_on and KEY.fullmatch(key)}
    return whole, {key for key, goes_on in found if goes_on}


def pattern(joined: ast.JoinedStr) -> re.Pattern[str] | None:
    """Which keys an f-string can become; None where it does not begin with an area."""
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.]+"
        for part in joined.values
    ]
    first = joined.values[0] if joined.values else None
    if isinstance(first, ast.Constant) and str(first.value).partition(".")[0] in AREAS:
        return re.compile("".join(parts), re.IGNORECASE)
    return None


def made_up() -> list[re.Pattern[str]]:
    """The keys that f-strings of the code can become."""
    return [
        made
        for module in code()
        for node in ast.walk(module)
        if isinstance(node, ast.JoinedStr) and (made := pattern(node))
    ]


def test_both_languages_have_the_same_catalogues_and_keys():
    zh, en = ({path.name for path in (i18n.LOCALE / lang).glob("*.po")} for lang in LANGS)
    assert zh == en
    assert i18n.keys("zh") ^ i18n.keys("en") == set()
    assert {"common.app_name", "plan.modality.text", "formats.missing"} <= i18n.keys("zh")


@pytest.mark.parametrize("lang", LANGS)
def test_no_message_is_empty_and_no_key_stands_twice(lang: str):
    for path in (i18n.LOCALE / lang).glob("*.po"):
        written = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(written) == len(set(written)), f"{path.name} has a key twice"
        assert [key for key, message in i18n.read_area(path).items() if not message.strip()] == []


def test_both_languages_fill_in_the_same_values():
    zh, en = catalogue("zh"), catalogue("en")
    differing = {key for key in zh if placeholders(zh[key]) != placeholders(en[key])}
    assert differing == set()


def test_every_placeholder_has_a_name():
    """`{}` and `{0}` would leave a translator without a clue, and text() without a value."""
    for key, message in (*catalogue("zh").items(), *catalogue("en").items()):
        assert all(name and not name.isdigit() for name in placeholders(message)), key


def test_every_key_in_the_code_exists():
    """Any string that looks like a key of an area is one, wherever it stands."""
    strings = {word for word in plain_strings() if KEY.fullmatch(word)}
    used = {word for word in strings if not FILE_NAME.fullmatch(word)}
    used |= {key for key in in_templates()[0] if not FILE_NAME.fullmatch(key)}
    assert used - i18n.keys("zh") == set()
    assert {"formats.missing", "figures.head.target"} <= used


def test_every_key_made_up_in_the_code_can_exist():
    made = made_up()
    assert made
    for one in made:
        assert any(one.fullmatch(key) for key in i18n.keys("zh")), one.pattern


def test_no_key_is_unused():
    """A key counts as used where any string or f-string of the code can become it."""
    whole, begun = in_templates()
    strings = plain_strings() | whole
    patterns = made_up()
    unused = {
        key
        for key in i18n.keys("zh") - strings
        if not any(made.fullmatch(key) for made in patterns) and not key.startswith(tuple(begun))
    }
    assert unused == set()


def test_chinese_texts_carry_no_stray_english():
    stray = {}
    for key, message in catalogue("zh").items():
        bare = re.sub(r"\{[^}]*\}|`[^`]*`", " ", message)
        bare = re.sub(r"<[^>]*>", " ", bare)
        bare = IDENTIFIER.sub(" ", COMMAND.sub(" ", bare))
        words = {
            word
            for word in re.findall(r"[A-Za-z]{2,}", bare)
            if word not in LATIN and not word.isupper()
        }
        if words:
            stray[key] = words
    assert stray == {}


def test_english_texts_carry_chinese_only_as_terms():
    """A Chinese term may stand in English text for precision, a Chinese sentence may not."""
    allowed = {"common.lang.zh"}
    for key, message in catalogue("en").items():
        runs = re.findall(r"[\u4e00-\u9fff]+", message)
        assert key in allowed or all(len(run) <= 8 for run in runs), key


def test_text_fills_in_values_and_refuses_what_it_does_not_know():
    assert i18n.text("formats.points", "zh", value="+1.2") == "+1.2 个百分点"
    assert i18n.text("formats.points", "en", value="{value}") == "{value} pp"
    with pytest.raises(KeyError):
        i18n.text("formats.no_such_key", "zh")
    with pytest.raises(KeyError):
        i18n.text("formats.points", "zh")
    with pytest.raises(ValueError, match="fr"):
        i18n.text("formats.missing", "fr")


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 file "), ("1", "1 file "), (0, "0 files "), (21, "21 files ")]
)
def test_a_word_follows_its_number(count: int | str, said: str):
    assert f"from {said}".strip() in i18n.text("returns.published", "en", snapshot=3, files=count)


def test_a_value_is_never_read_as_a_choice():
    odd = i18n.text("returns.published", "en", snapshot="[a|b]", files=2)
    assert "[a|b]" in odd


def test_a_key_in_the_wrong_file_is_refused(tmp_path: Path):
    path = tmp_path / "targets.po"
    path.write_text('msgid ""\nmsgstr ""\n\nmsgid "plan.x"\nmsgstr "x"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"plan\.x"):
        i18n.read_area(path)
