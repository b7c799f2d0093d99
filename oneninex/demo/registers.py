"""Datasets by stage, and the indicator values that no other return carries."""

from datetime import date

import pyarrow as pa

from oneninex.demo.parameters import Dataset, Parameters, Unit
from oneninex.demo.span import Span

STAGES = ("planned_on", "built_on", "evaluated_on", "registered_on", "traded_on")
_DECIMAL = {"size_gb", "trade_value_10k_cny", "value"}
_WHOLE = {"records", "models_served"}


def datasets(given: Parameters, unit: Unit, until: date) -> pa.Table:
    """The datasets of a unit that were planned by then."""
    units = {e.code: e.unit_id for e in given.enterprises}
    rows = [
        _dataset(given, dataset, unit, until)
        for dataset in given.datasets
        if units.get(dataset.enterprise or "", dataset.unit) == unit.unit_id
        and dataset.stages[0] <= until
    ]
    return pa.Table.from_pylist(rows, _schema(given, "datasets"))


def _dataset(given: Parameters, dataset: Dataset, unit: Unit, until: date) -> dict[str, object]:
    reached = {
        stage: day for stage, day in zip(STAGES, dataset.stages, strict=False) if day <= until
    }
    return {
        "dataset_id": given.dataset_id(dataset),
        "title_zh": dataset.title_zh,
        "title_en": dataset.title_en,
        "sector": dataset.sector,
        "unit_id": unit.unit_id,
        "enterprise_id": given.enterprise_ids.get(dataset.enterprise or ""),
        "size_gb": dataset.size_tb * 1000,
        "records": dataset.records_k * 1000,
        **reached,
        "applied_on": dataset.applied_on,
        "evaluation_rule": given.evaluation_rule if "evaluated_on" in reached else None,
        "scenario": dataset.scenario,
        "models_served": dataset.models,
        "trade_value_10k_cny": dataset.trade if "traded_on" in reached else None,
    }


def indicator_values(given: Parameters, span: Span) -> pa.Table:
    """The city's values, one for each indicator and month from their first month on."""
    rows = []
    for month in span.months:
        holding = {v.indicator_id: v for v in given.demo.indicator_values if v.start <= month}
        rows += [
            {
                "indicator_id": indicator,
                "scope": "city",
                "period": f"{month:%Y-%m}",
                "value": value.value,
                "status": "A",
                "source": given.demo.marks.source,
                "note": value.note,
            }
            for indicator, value in holding.items()
        ]
    return pa.Table.from_pylist(rows, _schema(given, "indicator_values"))


def _schema(given: Parameters, kind: str) -> pa.Schema:
    return pa.schema((name, _type(name)) for name in given.columns[kind])


def _type(name: str) -> pa.DataType:
    if name.endswith("_on"):
        return pa.date32()
    if name in _WHOLE:
        return pa.int64()
    return pa.float64() if name in _DECIMAL else pa.string()
