"""One changed value in the files, and the recomputation no longer agrees: the tests can fail."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.recompute import files, uploads
from tests.recompute.comparing import differences, same
from tests.recompute.conftest import TODAY, Ask
from tests.recompute.exact import Row
from tests.recompute.plan_files import PlanFiles
from tests.recompute.registry import RECOMPUTED
from tests.recompute.returned import Returned, Upload

OCTOBER = "labeling_daily_U2_2026-10.csv"
EXPORT = "label_studio_U2_B02-LS-01_2026-09.json"


@dataclass(frozen=True)
class Change:
    """One cell (or two that must add up) of a file: a number is added, a text put in its place.

    row: counted from 1 below the header, or from the end.
    """

    file: str
    cells: dict[str, int | str]
    noticed_by: str
    row: int = 1

    def __str__(self) -> str:
        return f"{self.file}-{','.join(self.cells)}"


CHANGES = [
    Change(
        OCTOBER,
        {"items": 1},
        """output_by_unit_month city_by_month output_by_day output_by_modality_month modalities
        throughput_by_month hours_by_month concentration location_quotient data_factory
        change_explained
        unit_summary enterprise_list indicator_series latest_indicators comparable_indicators
        side_by_side""",
    ),
    Change(
        OCTOBER,
        {"accepted": -1, "rejected": 1},
        """output_by_unit_month quality_by_unit_month what_changed like_for_like unit_summary
        productivity_by_unit quality_funnel control_chart output_by_working_day
        throughput_by_month indicator_by_unit indicator_series unit_against_peers
        unit_peers unit_ranking""",
    ),
    Change("labeling_daily_U2_2026-02.csv", {"items": 1}, "january_february change_explained"),
    Change(
        OCTOBER,
        {"accepted_first_pass": -1},
        "quality_by_unit_month output_by_day targets_progress target_series indicator_series",
    ),
    Change(
        "enterprise_quarterly_U2_2026Q3.csv",
        {"revenue_10k_cny": 1},
        """enterprise_growth enterprise_totals enterprise_list growth_contribution
        enterprise_structure benchmark_candidates""",
    ),
    Change(
        "enterprise_quarterly_U2_2026Q3.csv",
        {"quarter": "2026Q2"},
        "quarters enterprise_totals enterprise_growth concentration",
    ),
    Change(
        "enterprises_U2.csv",
        {"left_on": "2026-10-15"},
        """chain_coverage enterprises_by_unit enterprise_movements enterprise_summary
        enterprise_list unit_summary indicator_series""",
    ),
    Change("enterprises_U2.csv", {"left_on": "2024-10-15"}, "enterprise_survival", row=2),
    Change("datasets_U2.csv", {"size_gb": 1}, "dataset_pipeline dataset_list benchmarks"),
    Change("datasets_U2.csv", {"applied_on": "2026-10-16"}, "dataset_summary", row=2),
    Change("datasets_U2.csv", {"size_gb": 10_000_000}, "questions dataset_pipeline"),
    Change(
        "workforce_monthly_U2_2026-10.csv",
        {"full_time": 1},
        "unit_summary latest_indicators target_contributions",
    ),
    Change(
        "indicator_values_city.csv",
        {"value": 1},
        """target_states targets_progress target_series target_forecast target_marks
        target_outlook forecast_record indicator_series""",
        row=-2,
    ),
    Change(
        "revised/labeling_daily_U3_2026-08.csv", {"items": -1}, "revisions output_by_unit_month"
    ),
    Change(
        uploads.BROKEN, {"rejected": 1}, "faulty_uploads needs_decision output_by_day sender_scores"
    ),
]
ELSEWHERE = {
    "an annotation is not skipped": "work_set_aside_by_reason output_by_day",
    "somebody answers otherwise": "agreement_by_project_month",
    "a file comes a month later": "returns_ledger returns_by_month output_by_unit_month",
    "a file never comes": """months coverage period_coverage year_to_date returns_ledger
        returns_by_month
        needs_decision city_by_month what_changed like_for_like""",
    "the plan ends a year later": "plan_term",
}


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_changed_cell_is_noticed(
    ask: Ask,
    sent: Path,
    read: dict[str, Upload],
    plan_as_filed: PlanFiles,
    tmp_path: Path,
    change: Change,
):
    path = tmp_path / change.file
    path.parent.mkdir(exist_ok=True)
    shutil.copy(sent / change.file, path)
    _edit(path, change)
    changed = read | {change.file: _read_again(path, read[change.file])}

    assert unnoticed(ask, changed, plan_as_filed, change.noticed_by) == set()


def test_one_value_moves_one_row(
    ask: Ask, sent: Path, read: dict[str, Upload], plan_as_filed: PlanFiles, tmp_path: Path
):
    path = tmp_path / OCTOBER
    shutil.copy(sent / OCTOBER, path)
    _edit(path, CHANGES[0])
    returned = _returned(read | {OCTOBER: _read_again(path, read[OCTOBER])}, plan_as_filed)
    name = "output_by_unit_month"

    (found,) = differences(RECOMPUTED[name](returned), ask(name))

    assert "2026-10-01 U2" in found
    assert ": items should be" in found


def test_an_annotation_that_is_not_skipped_is_noticed(
    ask: Ask, sent: Path, read: dict[str, Upload], plan_as_filed: PlanFiles, tmp_path: Path
):
    tasks = json.loads((sent / EXPORT).read_text("utf-8"))
    skipped = next(a for task in tasks for a in task["annotations"] if a["was_cancelled"])
    skipped["was_cancelled"] = False
    path = tmp_path / EXPORT
    path.write_text(json.dumps(tasks), "utf-8")
    upload = uploads.read_one(path, files.transmittal(sent)[EXPORT])
    changed = read | {EXPORT: replace(upload, upload_id=read[EXPORT].upload_id)}

    noticed = ELSEWHERE["an annotation is not skipped"]
    assert unnoticed(ask, changed, plan_as_filed, noticed) == set()


def test_another_answer_is_noticed(
    ask: Ask, sent: Path, read: dict[str, Upload], plan_as_filed: PlanFiles, tmp_path: Path
):
    tasks = json.loads((sent / EXPORT).read_text("utf-8"))
    several = (t["annotations"] for t in tasks if len(t["annotations"]) > 1)
    both = next(pair for pair in several if not any(a["was_cancelled"] for a in pair))
    chosen = both[0]["result"][-1]["value"]["choices"]
    chosen[0] = next(word for word in ("喜", "平", "忧") if word != chosen[0])
    path = tmp_path / EXPORT
    path.write_text(json.dumps(tasks), "utf-8")
    upload = uploads.read_one(path, files.transmittal(sent)[EXPORT])
    changed = read | {EXPORT: replace(upload, upload_id=read[EXPORT].upload_id)}

    noticed = ELSEWHERE["somebody answers otherwise"]
    assert unnoticed(ask, changed, plan_as_filed, noticed) == set()


def test_another_day_of_receipt_is_noticed(
    ask: Ask, read: dict[str, Upload], plan_as_filed: PlanFiles
):
    late = replace(read[OCTOBER], received_on=date(2026, 11, 15))

    noticed = ELSEWHERE["a file comes a month later"]
    assert unnoticed(ask, read | {OCTOBER: late}, plan_as_filed, noticed) == set()


def test_a_file_that_never_came_is_noticed(
    ask: Ask, read: dict[str, Upload], plan_as_filed: PlanFiles
):
    fewer = {name: upload for name, upload in read.items() if name != OCTOBER}

    noticed = ELSEWHERE["a file never comes"]
    assert unnoticed(ask, fewer, plan_as_filed, noticed) == set()


def test_another_plan_is_noticed(ask: Ask, read: dict[str, Upload], plan_as_filed: PlanFiles):
    longer = replace(plan_as_filed, end=date(2028, 12, 31))

    noticed = ELSEWHERE["the plan ends a year later"]
    assert unnoticed(ask, read, longer, noticed) == set()


def test_every_recomputation_is_seen_to_fail():
    noticed = [change.noticed_by for change in CHANGES] + list(ELSEWHERE.values())

    assert {name for names in noticed for name in names.split()} == RECOMPUTED.keys()


@pytest.mark.parametrize(
    ("wanted", "got"),
    [(3, 4), (None, 0), (0, None), (None, 0.0), (0.1, 0.1 + 1e-12), (1, True), ("3", 3), (1.0, 1)],
)
def test_what_is_not_the_same(wanted: Any, got: Any):
    assert not same(wanted, got)


def test_a_missing_row_and_a_missing_column_are_differences():
    rows: list[Row] = [{"month": 1, "items": 2}, {"month": 2, "items": 3}]

    assert differences(rows, rows) == []
    assert differences(rows, rows[:1])
    assert differences(rows, list(reversed(rows)))
    assert differences(rows, [{"month": 1}, {"month": 2}])


def unnoticed(ask: Ask, changed: dict[str, Upload], plan: PlanFiles, names: str) -> set[str]:
    """The queries of `names` that still agree with the recomputation of changed files."""
    returned = _returned(changed, plan)
    return {n for n in names.split() if not differences(RECOMPUTED[n](returned), ask(n))}


def _returned(read: dict[str, Upload], plan: PlanFiles) -> Returned:
    return Returned(list(read.values()), plan, TODAY)


def _read_again(path: Path, before: Upload) -> Upload:
    line = {"received_on": before.received_on.isoformat(), "reason": before.reason}
    return replace(uploads.read_one(path, line), upload_id=before.upload_id)


def _edit(path: Path, change: Change) -> None:
    """Write the cells of the row into the file."""
    content = path.read_bytes()
    encoding = "gb18030" if change.file.startswith("revised/") else "utf-8-sig"
    lines = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
    known = files.HEADERS[files.kind_of(path)]
    names = [known.get(header, header) for header in lines[0]]
    for name, value in change.cells.items():
        cell = lines[change.row][names.index(name)]
        lines[change.row][names.index(name)] = (
            value if isinstance(value, str) else str(float(cell) + value)
        )
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    path.write_bytes(text.getvalue().encode(encoding))
