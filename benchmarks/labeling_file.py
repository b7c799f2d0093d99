"""A large labeling_daily CSV with a known share of bad cells, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
from stdnum.cn import uscc

FIRST_DAY = "2023-01-01"
DAYS = 1096
ENTERPRISES = 200
UNITS = 9
BAD_SHARE = 0.001

# What goes wrong, one cell in one row each: the column that is changed and what then stands there.
FAULTS = (
    ("items", "'12O'"),  # the letter O
    ("items", "'-5'"),
    ("items", "''"),
    ("date", "'2026-13-01'"),
    ("date", "'2026年3月'"),
    ("unit_id", "'U77'"),
    ("enterprise_id", "'91320800DEM000001X'"),
    ("modality", "'foto'"),
    ("hours", "'abc'"),
    ("hours", "'9999'"),
    ("hours_basis", "''"),
    ("accepted", "'999999'"),
    ("rejected", "'0x10'"),
    ("gold_correct", "'500'"),
    ("annotators", "'0'"),
    ("volume_gb", "'1e400'"),
)
COLUMNS = (
    "date", "unit_id", "enterprise_id", "project_id", "dataset_id", "modality", "task_type",
    "items", "objects", "hours", "hours_basis", "reviewed", "accepted", "accepted_first_pass",
    "rejected", "gold_items", "gold_correct", "prelabeled_items", "annotators", "volume_gb",
)  # fmt: skip


def write(path: Path, rows: int, seed: int = 1) -> None:
    """Write the file in the order of its days, as a year's books are kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with duckdb.connect(config={"memory_limit": "4GB"}) as connection:
        connection.register("codes", _codes())
        connection.execute("create table codes_by_place as from codes")
        target = str(temporary).replace("'", "''")
        connection.execute(f"copy ({_faulty(rows, seed)}) to '{target}' (format csv, header)")
    temporary.replace(path)


def bad_rows(rows: int, seed: int = 1) -> int:
    """How many rows of the file have a bad cell."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select count(*) from range({rows}) as t (n) where {_is_bad(seed)}"
        ).fetchone()
    return int(found[0]) if found else 0


def _codes() -> pa.Table:
    """Well-formed invented enterprise codes."""
    stems = [f"91320800DEM{number:06d}" for number in range(1, ENTERPRISES + 1)]
    codes = [stem + uscc.calc_check_digit(stem) for stem in stems]
    return pa.table({"place": pa.array(range(ENTERPRISES), pa.int64()), "code": codes})


def _random(below: int, salt: str, seed: int) -> str:
    return f"(hash(n, '{salt}', {seed}) % {below})::bigint"


def _is_bad(seed: int) -> str:
    return f"hash(n, 'bad', {seed}) % 1000000 < {int(BAD_SHARE * 1_000_000)}"


def _clean(rows: int, seed: int) -> str:
    """Each day every project has its row; a project belongs to one enterprise and modality."""
    per_day = -(-rows // DAYS)
    return f"""
    select n, date '{FIRST_DAY}' + (n // {per_day})::int as date,
        'U' || (1 + n % {per_day} % {ENTERPRISES} % {UNITS}) as unit_id,
        (n % {per_day} % {ENTERPRISES}) as place,
        'P-' || lpad((n % {per_day})::varchar, 6, '0') as project_id,
        case when n % {per_day} % 3 = 0 then 'D-' || (n % {per_day} % 500) end as dataset_id,
        ['text', 'image', 'audio', 'video', 'point_cloud', 'multimodal', 'preference']
            [1 + n % {per_day} % 7] as modality,
        ['目标检测', '语音转写', '实体标注', null][1 + n % {per_day} % 4] as task_type,
        {_random(900, "items", seed)} + 1 as items,
        {_random(5000, "objects", seed)} as objects,
        1 + {_random(8, "annotators", seed)} as annotators,
        ['reported', 'active_time', 'open_time', 'clock_union']
            [1 + n % {per_day} % {ENTERPRISES} % 4] as hours_basis,
        {_random(100, "quality", seed)} as quality,
        {_random(50, "gold", seed)} as gold_items,
        {_random(10_000, "volume", seed)} / 1000 as volume_gb
    from range({rows}) as t (n)"""


def _faulty(rows: int, seed: int) -> str:
    measures = f"""
    select n, date, unit_id, code as enterprise_id, project_id, dataset_id, modality, task_type,
        items, objects, round(annotators * (1 + quality / 20), 2) as hours, hours_basis,
        items as reviewed, items - items * quality // 1000 as accepted,
        items - items * quality // 500 as accepted_first_pass,
        items * quality // 1000 as rejected, gold_items, gold_items * (99 - quality // 10) // 100
            as gold_correct, items // 3 as prelabeled_items, annotators, volume_gb
    from ({_clean(rows, seed)}) join codes_by_place using (place)"""
    cells = ", ".join(f"{_cell(name, seed)} as {name}" for name in COLUMNS)
    return f"select {cells} from ({measures}) order by n"


def _cell(name: str, seed: int) -> str:
    which = _random(len(FAULTS), "which", seed)
    whens = [
        f"when {_is_bad(seed)} and {which} = {place} then {text}"
        for place, (column, text) in enumerate(FAULTS)
        if column == name
    ]
    return f"case {' '.join(whens)} else {name}::varchar end" if whens else name
