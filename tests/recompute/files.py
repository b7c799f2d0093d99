"""The files as they were sent, read with the standard library and openpyxl only."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.recompute.exact import Row, first_day, number

# What units write above their columns, and what the column is. Written down here anew: the
# contracts' own names would bring a mistake of theirs into the recount.
HEADERS = {
    kind: dict(line.split() for line in lines.strip().splitlines())
    for kind, lines in {
        "labeling_daily": """
            日期 date
            单元编号 unit_id
            统一社会信用代码 enterprise_id
            项目编号 project_id
            数据集编号 dataset_id
            数据模态 modality
            任务类型 task_type
            标注条数 items
            标注对象数 objects
            工时 hours
            工时口径 hours_basis
            审核条数 reviewed
            验收合格条数 accepted
            一次验收合格条数 accepted_first_pass
            退回条数 rejected
            金标题数 gold_items
            金标答对数 gold_correct
            预标注条数 prelabeled_items
            标注人数 annotators
            数据量GB volume_gb""",
        "enterprises": """
            统一社会信用代码 enterprise_id
            企业名称 name_zh
            英文名称 name_en
            单元编号 unit_id
            成立日期 founded_on
            入驻日期 joined_on
            退出日期 left_on
            来源 origin
            产业链环节 links
            获得的认定 recognition""",
        "enterprise_quarterly": """
            季度 quarter
            统一社会信用代码 enterprise_id
            单元编号 unit_id
            营业收入（万元） revenue_10k_cny
            标注业务收入（万元） labeling_revenue_10k_cny
            从业人员 employees
            标注人员 annotators
            持证标注员 certified_annotators
            研发费用（万元） rd_expense_10k_cny
            在手订单（万元） backlog_10k_cny
            专利数 patents
            参与制定标准数 standards""",
        "datasets": """
            数据集编号 dataset_id
            数据集名称 title_zh
            英文名称 title_en
            领域 sector
            单元编号 unit_id
            统一社会信用代码 enterprise_id
            数据规模（GB） size_gb
            记录数 records
            立项日期 planned_on
            建成日期 built_on
            评估日期 evaluated_on
            登记日期 registered_on
            交易日期 traded_on
            应用日期 applied_on
            评估依据 evaluation_rule
            应用场景 scenario
            服务模型数 models_served
            交易额（万元） trade_value_10k_cny""",
        "workforce_monthly": """
            月份 month
            单元编号 unit_id
            工位数 workstations
            在用工位数 workstations_used
            全职标注员 full_time
            兼职标注员 part_time
            在训人数 trainees
            储备人数 reserve
            培训人次 trained
            一级持证人数 certified_1
            二级持证人数 certified_2
            三级持证人数 certified_3
            四级持证人数 certified_4
            五级持证人数 certified_5
            合作院校数 school_partners""",
        "indicator_values": """
            指标编号 indicator_id
            范围 scope
            期间 period
            数值 value
            状态 status
            来源 source
            备注 note""",
    }.items()
}
TEXTS = {
    *("unit_id", "enterprise_id", "project_id", "dataset_id", "modality", "task_type"),
    *("hours_basis", "name_zh", "name_en", "origin", "links", "recognition", "quarter"),
    *("title_zh", "title_en", "sector", "evaluation_rule", "scenario"),
    *("indicator_id", "scope", "status", "source", "note"),
}


def kind_of(path: Path) -> str:
    """The kind that a file's name begins with; the faulty ones are daily returns."""
    named = [kind for kind in HEADERS if path.name.startswith(f"{kind}_")]
    return named[0] if named else "labeling_daily"


def read(path: Path, kind: str) -> list[Row]:
    """The rows of a return under the fields' names; fields that it lacks are missing."""
    lines = _workbook(path) if path.suffix == ".xlsx" else _text(path)
    names = [_field(header, kind) for header in lines[0]]
    blank = dict.fromkeys(HEADERS[kind].values())
    return [
        blank | {name: _value(name, cell) for name, cell in zip(names, line, strict=True)}
        for line in lines[1:]
    ]


def transmittal(folder: Path) -> dict[str, Row]:
    """What the cover list of a folder says of each file."""
    lines = _text(folder / "transmittal.csv")
    return {line[0]: dict(zip(lines[0], line, strict=True)) for line in lines[1:]}


def _field(header: str, kind: str) -> str:
    known = HEADERS[kind]
    return header if header in known.values() else known[header]


def _workbook(path: Path) -> list[list[Any]]:
    """The sheet below its title row."""
    sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    return [list(line) for line in sheet.iter_rows(min_row=2, values_only=True)]


def _text(path: Path) -> list[list[Any]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return list(csv.reader(io.StringIO(text, newline="")))


def _value(name: str, cell: Any) -> Any:
    if cell is None or cell == "":
        return None
    if name in ("month", "period"):
        return date.fromisoformat(f"{cell}-01") if isinstance(cell, str) else first_day(_day(cell))
    if name == "date" or name.endswith("_on"):
        return _day(cell)
    return str(cell) if name in TEXTS else number(cell)


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    parts = cell.rstrip("日").replace("年", "-").replace("月", "-").replace("/", "-").split("-")
    year, month, day = map(int, parts)
    return date(year, month, day)
