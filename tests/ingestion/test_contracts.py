import json

import duckdb
import pytest
from frictionless import Schema

from oneninex.core.i18n import LANGS, text
from oneninex.domain import contracts
from oneninex.ingestion.tables import header
from oneninex.ingestion.tables.cells import literal, typed
from tests.ingestion.helpers import codes, example, plan, write_csv

KINDS = contracts.kinds()
SENT = (
    "datasets",
    "enterprise_quarterly",
    "enterprises",
    "indicator_values",
    "labeling_daily",
    "workforce_monthly",
)
RESERVED = {
    "id", "row", "sheet", "fault", "broken", "record", "special", "identical", "first_number",
    "numbers", "row_id", "row_state", "row_number_in_file", "unit_of_row", "period_of_row",
    "source_row", "upload_id", "value", "found",
}  # fmt: skip


def fields():
    return [
        pytest.param(kind, field, id=f"{kind}.{field.name}")
        for kind in KINDS
        for field in contracts.of_plan(kind, plan()).fields
    ]


def test_six_kinds_are_sent_and_three_are_derived_from_exports():
    assert tuple(contracts.sent_kinds()) == SENT
    assert set(KINDS) - set(SENT) == {"agreement", "work_items", "work_set_aside"}
    with pytest.raises(KeyError):
        contracts.load("unheard_of")


@pytest.mark.parametrize("kind", KINDS)
def test_is_a_valid_table_schema(kind):
    descriptor = json.loads((contracts.FOLDER / f"{kind}.json").read_text("utf-8"))
    schema = Schema.from_descriptor(descriptor)
    assert schema.field_names == [field.name for field in contracts.load(kind).fields]


@pytest.mark.parametrize("kind", SENT)
def test_the_examples_are_a_row_that_the_table_schema_accepts(kind):
    schema = Schema.from_descriptor(str(contracts.FOLDER / f"{kind}.json"))
    _, notes = schema.read_cells([field.example for field in contracts.load(kind).fields])
    assert not any(notes)


@pytest.mark.parametrize("kind", SENT)
def test_the_examples_are_a_row_without_a_finding(tmp_path, read, kind):
    batch = read(write_csv(tmp_path / "a.csv", [example(kind)]), kind=kind)
    assert (batch.status, batch.rows_accepted, codes(batch)) == ("accepted", 1, [])


@pytest.mark.parametrize(("kind", "field"), fields())
def test_no_integer_is_without_bounds(kind, field):
    if field.type == "integer":
        assert field.minimum is not None
        assert field.maximum is not None
        assert field.maximum <= 10**12  # a sum over every row ever sent must stay a BIGINT


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_one_name(kind):
    contract = contracts.load(kind)
    for lang in LANGS:
        assert text(f"plan.kind.{kind}", lang) == contract.name_in(lang)


@pytest.mark.parametrize("kind", KINDS)
def test_keys_and_rules_name_fields(kind):
    contract = contracts.load(kind)
    names = {field.name for field in contract.fields}
    assert set(contract.primary_key) <= names
    assert set(contract.replaces) - {"month"} <= names
    assert contract.period is None or contract.period in names
    for rule in contract.rules:
        assert set(rule.fields) <= names
        assert rule.message_zh
        assert rule.message_en


@pytest.mark.parametrize("kind", KINDS)
def test_rules_are_sql_over_the_typed_columns_and_null_passes(kind):
    contract = contracts.load(kind)
    nothing = ", ".join(f'null::{field.duckdb_type} as "{field.name}"' for field in contract.fields)
    for rule in contract.rules:
        assert " in (" not in rule.expression  # would upset the order of rows: ENGINE 3.1
        row = duckdb.sql(f"select coalesce({rule.expression}, true) from (select {nothing})")
        assert row.fetchone() == (True,), rule.name


@pytest.mark.parametrize("kind", KINDS)
def test_no_header_means_two_fields(kind):
    claims: dict[str, str] = {}
    for field in contracts.load(kind).fields:
        for name in (field.name, field.title, field.title_en, *field.aliases):
            assert claims.setdefault(header.normal(name), field.name) == field.name, name


@pytest.mark.parametrize(("kind", "field"), fields())
def test_a_field_speaks_both_languages(kind, field):
    assert field.title
    assert field.title_en
    assert field.description
    assert field.description_en
    chinese = [name for name in field.aliases if not name.isascii()]
    assert chinese
    assert len(chinese) < len(field.aliases)
    assert bool(field.unit) == bool(field.unit_en)
    assert set(field.enum) <= set(field.labels)


@pytest.mark.parametrize(("kind", "field"), fields())
def test_names_leave_the_columns_of_the_reading_free(kind, field):
    # `value` is a field of indicator_values: it is only read where it is quoted
    assert field.name not in RESERVED - {"value"}


@pytest.mark.parametrize(("kind", "field"), fields())
def test_the_example_is_read(kind, field):
    if field.example:
        value = duckdb.sql(
            f"select cast({typed(field, 'c', plan())} as {field.duckdb_type}) "
            f"from (select {literal(field.example)} as c)"
        ).fetchone()
        assert value is not None
        assert value[0] is not None


@pytest.mark.parametrize(("kind", "field"), fields())
def test_every_label_is_read_as_its_code(kind, field):
    for code, names in field.labels.items():
        for name in (code, *names):
            value = duckdb.sql(
                f"select {typed(field, 'c', plan())} from (select {literal(name)} as c)"
            ).fetchone()
            assert value == (code,)


def test_labeling_daily_has_the_fields_of_the_interface():
    optional = {
        "dataset_id", "task_type", "objects", "hours", "hours_basis", "gold_items", "gold_correct",
        "prelabeled_items", "volume_gb",
    }  # fmt: skip
    contract = contracts.load("labeling_daily")
    assert {f.name for f in contract.fields if not f.required} == optional
    assert contract.replaces == ("unit_id", "enterprise_id", "project_id", "month")
    assert contract.field("modality").enum == (
        "text", "image", "audio", "video", "point_cloud", "multimodal", "preference",
    )  # fmt: skip
