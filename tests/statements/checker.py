"""Checks sentences against the rows that were sent, with arithmetic of its own.

Nothing of the product is imported: patterns of sentences in both languages, sums of rows, and the
working days as the notices have them. A sentence with a superlative, a record or a share that no
pattern knows is a failure too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from tests.recompute.covered import working
from tests.statements.stores import Row, Sent, end_of, month

MOVED = {2025, 2026}  # years whose Spring Festival lies otherwise in January than the year before
UP = ("增加", "提高", "新增", "补齐", "带动", "more", "higher", "started", "were missing")
DOWN = ("减少", "下降", "退出", "缺报", "less", "fewer", "lower", "left", "missing returns")
NUMBER = r"([−+]?[\d,]+(?:\.\d+)?)\s?(万亿|万|亿|[kMB](?![a-zA-Z]))?"
STEPS = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12, "k": 10**3, "M": 10**6, "B": 10**9}


def shift(at: date, by: int) -> date:
    count = at.year * 12 + at.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def rounded(value: float | Decimal) -> str:
    """Per cent with one decimal, half up, without its sign."""
    exact = Decimal(str(value)) * 100
    return f"{abs(exact).quantize(Decimal('0.1'), ROUND_HALF_UP):,}"


def printed(digits: str, step: str | None) -> tuple[Decimal, Decimal]:
    """The number that digits say, and how far from it the true one may be."""
    plain = digits.replace(",", "").replace("−", "-").replace("+", "")
    size = STEPS[(step or "").strip()]
    places = len(plain.partition(".")[2])
    return Decimal(plain) * size, Decimal(size) / 2 / 10**places


@dataclass
class Facts:
    """What the rows say of the month that is asked about."""

    sent: Sent
    names: Mapping[str, Mapping[str, str]]  # language, unit, name
    by_month: dict[tuple[str, date], list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.sent.rows:
            self.by_month.setdefault((row.unit, row.day.replace(day=1)), []).append(row)

    @property
    def month(self) -> date:
        return self.sent.month

    def accepted(self, unit: str, at: date) -> int | None:
        rows = self.by_month.get((unit, at))
        return None if rows is None else sum(row.accepted for row in rows)

    def items(self, unit: str, at: date) -> int | None:
        rows = self.by_month.get((unit, at))
        return None if rows is None else sum(row.items for row in rows)

    def whole(self, unit: str, at: date) -> bool:
        days = {row.day for row in self.by_month.get((unit, at), [])}
        return days == set(working(at, end_of(at)))

    def reported(self, at: date) -> list[str]:
        return [unit for unit in self.names["zh"] if (unit, at) in self.by_month]

    @property
    def running(self) -> bool:
        newest = max(row.day for row in self.sent.rows).replace(day=1)
        return self.month == newest and not any(self.whole(u, newest) for u in self.names["zh"])

    @property
    def last_day(self) -> int:
        return max(r.day for r in self.sent.rows if r.day.replace(day=1) == self.month).day

    @property
    def joined(self) -> bool:
        return self.month.month <= 2 and self.month.year in MOVED

    def total(self, at: date | None = None) -> int:
        return sum(self.accepted(u, at or self.month) or 0 for u in self.reported(at or self.month))

    def alike(self, base: date) -> tuple[int, int, list[str]]:
        units = [u for u in self.names["zh"] if self.whole(u, self.month) and self.whole(u, base)]
        return (
            sum(self.accepted(u, self.month) or 0 for u in units),
            sum(self.accepted(u, base) or 0 for u in units),
            units,
        )

    def unit_of(self, name: str) -> str:
        (found,) = [
            unit for names in self.names.values() for unit, known in names.items() if known == name
        ]
        return found


Check = Callable[[Facts, "re.Match[str]", str], str | None]
CHECKS: list[tuple[str, re.Pattern[str], Check]] = []


def says(kind: str, *patterns: str) -> Callable[[Check], Check]:
    """Register a check for sentences that match one of the patterns."""

    def register(check: Check) -> Check:
        CHECKS.extend((kind, re.compile(pattern), check) for pattern in patterns)
        return check

    return register


def about_output(line: str) -> bool:
    """Whether a change in a line is that of the accepted items."""
    others = ("合格率", "返工率", "准确率", "企业数", "人员", "总量", "rate", "Rate", "volume",
              "enterprises", "Workers", "accuracy", "年1—", "累计", "in all", "日均", "Per day",
              "per day")  # fmt: skip
    before = re.split(r"环比|同比|on the month|on a year", line)[0]
    return not any(word in before for word in others)


@says("month", r"环比(增长|下降)([\d,.]+)%", r"(up|down) ([\d,.]+)% on the month before")
def _month_on_month(facts: Facts, found: re.Match[str], line: str) -> str | None:
    return _change(facts, found, shift(facts.month, -1), line)


@says("year", r"同比(增长|下降)([\d,.]+)%", r"(up|down) ([\d,.]+)% on a year earlier")
def _year_on_year(facts: Facts, found: re.Match[str], line: str) -> str | None:
    if facts.joined and facts.month.month == 2 and ("合并" in line or "together" in line):
        return _joined(facts, found)
    return _change(facts, found, shift(facts.month, -12), line)


def _change(facts: Facts, found: re.Match[str], base: date, line: str) -> str | None:
    other = facts.running and ("并列对比" in line or "相比：" in line or " against " in line)
    if not about_output(line) or other:
        return None
    if facts.running:
        return "a running month is compared"
    if facts.joined:
        return "a month that the festival distorts is compared alone"
    now, before, units = facts.alike(base)
    if not units or before <= 0:
        return "there is nothing to compare with"
    grew = found[1] in ("增长", "up")
    if grew != (now > before) or rounded(Decimal(now) / before - 1) != found[2]:
        return f"the change is {now} from {before}"
    return _cause(facts, line, base, now, before)


def _cause(facts: Facts, line: str, base: date, now: int, before: int) -> str | None:
    days, base_days = (len(working(m, end_of(m))) for m in (facts.month, base))
    expected = before * (days - base_days) / base_days
    main = expected * (now - before) > 0 and abs(expected) >= abs(now - before) / 2
    clause = _clause(line, base, facts.month)
    told = re.search(r"工作日(减少|增加)(\d+)天，|[Ww]ith (\d+) (fewer|more) working", clause)
    if told:
        count = int(told[2] or told[3])
        fewer = (told[1] or told[4]) in ("减少", "fewer")
        if not main or count != abs(days - base_days) or fewer != (days < base_days):
            return f"working days are {days} from {base_days}, a change of {expected:.0f}"
        pace = Decimal(now) / days / (Decimal(before) / base_days) - 1
        level = "基本持平" in clause or "about level" in clause
        rate = re.search(r"平均(上升|下降)([\d.]+)%|(up|down) ([\d.]+)% per working day", clause)
        if level != (abs(pace) < Decimal("0.01")):
            return f"the pace moved by {pace:.4f}"
        if rate and rounded(pace) != (rate[2] or rate[4]):
            return f"the pace moved by {pace:.4f}"
        return None
    if main:
        return "the working days are the main cause, and are not named"
    cause = re.search(
        r"主要因([^，]+)，环比|主要因([^，]+)，同比|mainly because of ([^;.(]+)", clause
    )
    if cause:
        words = cause[1] or cause[2] or cause[3]
        wrong = DOWN if now > before else UP
        if any(word in words for word in wrong) and "missing before" not in words:
            return f"a cause against the change: {words}"
    return None


def _clause(line: str, base: date, at: date) -> str:
    """The part of a sentence about one comparison: its cause before it, its pace after it."""
    sign, english = ("同比", "on a year") if base == shift(at, -12) else ("环比", "on the month")
    other, other_english = ("环比", "on the month") if sign == "同比" else ("同比", "on a year")
    if sign in line:
        before, _, after = line.partition(sign)
        start = max(before.rfind(other), 0)
        before = before[start:]
        before = re.split(r"[，,；;%] ?", before, maxsplit=1)[-1] if start else before
        return before + sign + re.split(r"，|。|（", after)[0]
    parts = [part for part in re.split(r"; ", line) if english in part]
    return parts[0] if parts else re.split(other_english, line)[-1]


def _joined(facts: Facts, found: re.Match[str]) -> str | None:
    now = before = 0
    january = shift(facts.month, -1)
    for unit in facts.names["zh"]:
        months = [january, facts.month, shift(january, -12), shift(facts.month, -12)]
        if all(facts.whole(unit, m) for m in months):
            now += sum(facts.accepted(unit, m) or 0 for m in months[:2])
            before += sum(facts.accepted(unit, m) or 0 for m in months[2:])
    if not before or rounded(Decimal(now) / before - 1) != found[2]:
        return f"January and February are {now} from {before}"
    return None if (found[1] in ("增长", "up")) == (now > before) else "the sign is wrong"


@says("december", r"1—2月日均(?:比上年12月(上升|下降)([\d.]+)%|与上年12月基本持平)",
      r"per working day (?:(up|down) ([\d.]+)% on|about level with) December")  # fmt: skip
def _december(facts: Facts, found: re.Match[str], line: str) -> str | None:
    months = [shift(facts.month, -1), facts.month]
    december = date(facts.month.year - 1, 12, 1)
    units = [u for u in facts.names["zh"] if all(facts.whole(u, m) for m in [*months, december])]
    days = sum(len(working(m, end_of(m))) for m in months)
    if "volume" in line or "总量" in line:
        return None
    now = Decimal(sum(facts.accepted(u, m) or 0 for u in units for m in months)) / days
    before = Decimal(sum(facts.accepted(u, december) or 0 for u in units))
    change = now / (before / len(working(december, end_of(december)))) - 1
    if found[2] is None:
        return None if abs(change) < Decimal("0.01") else f"the pace moved by {change:.4f}"
    return None if rounded(change) == found[2] else f"the pace moved by {change:.4f}"


@says("amount", rf"验收合格(?:标注条数)?{NUMBER}条", rf"{NUMBER} items accepted",
      rf"Items accepted in [^:]*: {NUMBER}",
      rf"Items accepted, the city, [^:]*: {NUMBER}")  # fmt: skip
def _amount(facts: Facts, found: re.Match[str], line: str) -> str | None:
    others = ("累计", "in all", "个工作日", "on a working day", "尚无", "latest")
    if any(words in line for words in others):
        return None
    value, slack = printed(found[1], found[2])
    if abs(value - facts.total()) > slack:
        return f"the total is {facts.total()}"
    if facts.running and not _has_days(facts, line):
        return "a running month is told without its days"
    return None


def _has_days(facts: Facts, line: str) -> bool:
    return f"1—{facts.last_day}日" in line or f"1–{facts.last_day} " in line or "日均" in line


@says("coverage", r"(\d)/(\d) ?个单元(?:已)?报送", r"(\d)/(\d) units reported(?! every)")
def _coverage(facts: Facts, found: re.Match[str], line: str) -> str | None:
    of_month = (
        f"{facts.month.year}年{facts.month.month}月" in line or f"{facts.month:%b %Y}" in line
    )
    labeling = any(
        w in line for w in ("验收合格标注条数", "合格率", "Items accepted", "Acceptance")
    )
    footer = "数据截至" not in line or "·" not in line
    if not (of_month and labeling and footer) or "累计" in line or "in all" in line:
        return None
    if int(found[1]) != len(facts.reported(facts.month)) or int(found[2]) != len(facts.names["zh"]):
        return f"{len(facts.reported(facts.month))} units reported"
    return None


@says("cut-off", r"数据截至(\d+)年(\d+)月(\d+)日", r"Data to (\d+ \w{3,4} \d{4})")
def _cut_off(facts: Facts, found: re.Match[str], line: str) -> str | None:
    newest = max(row.day for row in facts.sent.rows)
    if "年" in found[0]:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    else:
        written = found[1].replace("Sept", "Sep")
        day = datetime.strptime(written, "%d %b %Y").date()  # noqa: DTZ007 - a day, no moment
    return "the cut-off lies after the newest row" if facts.running and day > newest else None


@says(
    "complete",
    r"报送完整",
    r"all are in",
    r"应报单元均已报送(?!部分)",
    r"all units due have reported(?! part)",
)
def _complete(facts: Facts, found: re.Match[str], line: str) -> str | None:
    counted = re.search(r"其中(\d)个报送完整", line)
    whole = [unit for unit in facts.names["zh"] if facts.whole(unit, facts.month)]
    if counted:
        return None if int(counted[1]) == len(whole) else f"{len(whole)} units are whole"
    return None if len(whole) == len(facts.names["zh"]) else f"only {len(whole)} units are whole"


def _units(facts: Facts, listed: str, lang: str) -> set[str]:
    """The units of a list of names; a name may hold a comma or an 'and' itself."""
    found = {unit for unit, name in facts.names[lang].items() if name in listed}
    assert found, listed
    return found


def _extreme(facts: Facts, listed: str, lang: str, *, most: bool, value: str = "") -> str | None:
    values = {u: facts.accepted(u, facts.month) for u in facts.reported(facts.month)}
    known = {u: v for u, v in values.items() if facts.running or facts.whole(u, facts.month)}
    numbers = [v for v in known.values() if v is not None]
    if len(numbers) < 2 or len(set(numbers)) == 1:
        return "nobody stands out"
    end = max(numbers) if most else min(numbers)
    right = {u for u, v in known.items() if v == end}
    if _units(facts, listed, lang) != right:
        return f"it is {sorted(right)} with {end}"
    if value and (number := re.match(NUMBER, value)):
        told, slack = printed(number[1], number[2])
        if abs(told - end) > slack:
            return f"the value is {end}"
    return None


@says("largest", r"验收合格条数最多的(?:是|有)(.+?)，(?:并列，各)?([\d.,]+万?)条?(?:，|；)")
def _largest_zh(facts: Facts, found: re.Match[str], line: str) -> str | None:
    return _extreme(facts, found[1], "zh", most=True, value=found[2])


@says("largest", r"^(.+?) ha(?:s|ve) most accepted items, (?:equally )?([\d.,]+(?: [kM])?)")
def _largest_en(facts: Facts, found: re.Match[str], line: str) -> str | None:
    return _extreme(facts, found[1], "en", most=True, value=found[2])


@says("extremes", r"标注条数最高的是(.+?)（(.+?)条?），最低的是(.+?)（(.+?)条?）")
def _extremes_zh(facts: Facts, found: re.Match[str], line: str) -> str | None:
    return _extreme(facts, found[1], "zh", most=True, value=found[2]) or _extreme(
        facts, found[3], "zh", most=False, value=found[4]
    )


@says(
    "extremes",
    r"highest(?: at)? (.+?) \(([\d.,]+(?: [kM])?)(?: items)?\), "
    r"lowest(?: at)? (.+?) \(([\d.,]+(?: [kM])?)",
)
def _extremes_en(facts: Facts, found: re.Match[str], line: str) -> str | None:
    if "tems accepted" not in line:
        return "a superlative that nobody checks"
    return _extreme(facts, found[1], "en", most=True, value=found[2]) or _extreme(
        facts, found[3], "en", most=False, value=found[4]
    )


@says("equal", r"个单元的?验收合格标注条数相同，均为([\d.,]+万?)条?")
def _equal(facts: Facts, found: re.Match[str], line: str) -> str | None:
    units = facts.reported(facts.month)
    known = [u for u in units if facts.running or facts.whole(u, facts.month)]
    values = {facts.accepted(u, facts.month) for u in known}
    return None if len(values) == 1 else "they are not equal"


@says("mover", r"按可比单元计算，本月比上月(增加|减少)([\d.,]+万?)条?(?:，其中(.+?))?。",
      r"the total (rose|fell) by ([\d.,]+(?: [kM])?)(?: [a-z]+)? on the month before"
      r"(?:: (.+?))?\.$")  # fmt: skip
def _movers(facts: Facts, found: re.Match[str], line: str) -> str | None:
    base = shift(facts.month, -1)
    if facts.joined or facts.running:
        return "a month that is not compared has movers"
    now, before, units = facts.alike(base)
    number = re.match(NUMBER, found[2])
    assert number
    told, slack = printed(number[1], number[2])
    if abs(told - abs(now - before)) > slack or (found[1] in ("增加", "rose")) != (now > before):
        return f"the change is {now} from {before}"
    changes = {u: (facts.accepted(u, facts.month) or 0) - (facts.accepted(u, base) or 0)
               for u in units}  # fmt: skip
    named = found[3] or ""
    lang = "zh" if "按可比" in line else "en"
    both_ways = any(c > 0 for c in changes.values()) and any(c < 0 for c in changes.values())
    if both_ways and "%" in named:
        return "a share of a net change whose parts have both signs"
    if not named:
        return None
    way = 1 if now > before else -1
    order = sorted((c * way for c in changes.values() if c * way > 0), reverse=True)
    chosen = _units(facts, named, lang)
    if {changes[u] * way for u in chosen} != set(order[: len(chosen)]) or (
        len(order) > len(chosen) and order[len(chosen)] == order[len(chosen) - 1]
    ):
        return f"the largest changes are {order[:3]}"
    for unit in chosen:
        part = re.search(re.escape(facts.names[lang][unit]) + r"[^%]*?([\d.]+)%", named)
        if part and rounded(Decimal(changes[unit]) / (now - before)) != part[1]:
            return f"the share is {changes[unit]} of {now - before}"
    return None


@says("share", r"占已报送单元合计的([\d.]+)%", r"([\d.]+)% of what the reporting units sent")
def _share(facts: Facts, found: re.Match[str], line: str) -> str | None:
    most = max(facts.accepted(u, facts.month) or 0 for u in facts.reported(facts.month)
               if facts.running or facts.whole(u, facts.month))  # fmt: skip
    right = rounded(Decimal(most) / facts.total())
    return None if found[1] == right and Decimal(found[1]) <= 100 else f"the share is {right}%"


@says("mix", r"占比最大的是(.+?)，(?:占|各占)提交条数的 ?([\d.]+)%",
      r": (.+?) (?:is|are) the largest, ([\d.]+)% of the items submitted")  # fmt: skip
def _mix(facts: Facts, found: re.Match[str], line: str) -> str | None:
    sums: Counter[str] = Counter()
    for row in facts.sent.rows:
        if row.day.replace(day=1) == facts.month:
            sums[row.modality] += row.items
    words = {"text": ("文本", "Text"), "image": ("图像", "Image"), "audio": ("音频", "Audio")}
    most = max(sums.values())
    right = {m for m, v in sums.items() if v == most}
    told = {m for m, names in words.items() if any(name in found[1] for name in names)}
    if len(sums) < 2 or told != right:
        return f"it is {right} of {dict(sums)}"
    return None if found[2] == rounded(Decimal(most) / sum(sums.values())) else "the share differs"


@says("day", r"单日最多 ?([\d.,]+万?)条（(?:(\d+)年(\d+)月(\d+)日|有(\d+)天)）")
def _busiest(facts: Facts, found: re.Match[str], line: str) -> str | None:
    months = sorted({row.day.replace(day=1) for row in facts.sent.rows})
    months = [m for m in months if m <= facts.month][-3:]
    days: Counter[date] = Counter()
    for row in facts.sent.rows:
        if row.day.replace(day=1) in months:
            days[row.day] += row.items
    most = max(days.values())
    tops = [day for day, value in days.items() if value == most]
    if found[5]:
        return None if int(found[5]) == len(tops) > 1 else f"it is {tops}"
    day = date(int(found[2]), int(found[3]), int(found[4]))
    return None if tops == [day] else f"it is {tops}"


@says("record", r"为([\d.,]+万?)条?，是有数据以来的最高值")
def _record(facts: Facts, found: re.Match[str], line: str) -> str | None:
    months = sorted({row.day.replace(day=1) for row in facts.sent.rows})
    values = {m: facts.total(m) for m in months if m <= facts.month}
    newest = max(values)
    beaten = all(values[newest] > v for m, v in values.items() if m != newest)
    return None if len(values) > 1 and beaten else f"the months are {values}"


@says("split", r"变化\[?([+−][\d.,]+万?|0)\]?.*?（(\d)个可比单元）")
def _split(facts: Facts, found: re.Match[str], line: str) -> str | None:
    if "验收合格标注条数" not in line:
        return None
    now, before, units = facts.alike(shift(facts.month, -1))
    number = re.match(NUMBER, found[1])
    assert number
    told, slack = printed(number[1], number[2])
    if abs(told - (now - before)) > slack or int(found[2]) != len(units):
        return f"the change is {now - before} over {len(units)} units"
    return None


@says("points", r"验收合格率.*?环比(提高|下降)([\d.]+)个百分点")
def _points(facts: Facts, found: re.Match[str], line: str) -> str | None:
    if "一次验收" in line or facts.running:
        return "a rate of a running month is compared" if facts.running else None
    base = shift(facts.month, -1)
    _, _, units = facts.alike(base)
    rates = []
    for at in (facts.month, base):
        items = sum(facts.items(u, at) or 0 for u in units)
        rates.append(Decimal(sum(facts.accepted(u, at) or 0 for u in units)) / items)
    change = rates[0] - rates[1]
    right = rounded(change)
    return None if right == found[2] and (found[1] == "提高") == (change > 0) else f"it is {change}"


@says("states", r"(?:，|^|。|:)\s*(\d+)项目标中，(.+?)。", r"Of (\d+) targets? at [^:]+: (.+?)\.$")
def _states(facts: Facts, found: re.Match[str], line: str) -> str | None:
    numbers = [
        int(n) for n in re.findall(r"(\d+)项|(?<![\d.])(\d+) (?=[a-z])", found[2]) for n in n if n
    ]
    return None if sum(numbers) == int(found[1]) else f"{numbers} do not add up to {found[1]}"


@says(
    "light",
    r"目标“投入运行的数据工厂[^”]*”(.{2,8})：",
    r"“投入运行的数据工厂[^”]*”.*?（(.{2,8})）；",
)
def _light(facts: Facts, found: re.Match[str], line: str) -> str | None:
    worked = any(unit == "U1" and sum(r.items for r in rows) for (unit, _), rows in
                 facts.by_month.items())  # fmt: skip
    bad = any(word in found[1] for word in ("警告", "提示", "滞后"))
    return "a missing return turned a light" if worked and bad else None


# Words that claim something; a sentence with one has to match a check above or be a fixed text.
CLAIMS = re.compile(
    r"最多的|最高的|最低的|占比最大|最大的是|有数据以来"
    r"|highest at|has most|have most|is the largest"
)
FIXED = re.compile(
    r"最高值出现过|影响最大的是|各月相同|并列最高|最高值?的是\d{4}年|占比最高的是|变动最大"
    r"|最低为|最长已逾期|同类其他单元最低|最高。$|显示信号最多|highest was|the highest|most signals"
)


def faults(facts: Facts, lines: Iterable[str]) -> tuple[list[str], Counter[str]]:
    """Return what is wrong with these sentences, and how many of each kind were checked."""
    wrong, seen = [], Counter()
    for line in lines:
        matched = False
        for kind, pattern, check in CHECKS:
            for found in pattern.finditer(line):
                matched = True
                seen[kind] += 1
                if fault := check(facts, found, line):
                    wrong.append(f"[{kind}] {line} -> {fault}")
        if CLAIMS.search(line) and not matched and not FIXED.search(line):
            wrong.append(f"[unknown claim] {line}")
    return wrong, seen


__all__ = ["Facts", "faults", "month"]
