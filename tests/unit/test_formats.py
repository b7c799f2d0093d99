from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oneninex.core import formats

MAGNITUDE = {"": 0, "万": 4, "亿": 8, "万亿": 12, " k": 3, " M": 6, " B": 9}
LANG = st.sampled_from(["zh", "en"])
AMOUNT = st.one_of(
    st.integers(-(10**15), 10**15),
    st.floats(-1e15, 1e15, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-9),
)


def read(written: str) -> Decimal:
    """A compact number read back, by a way that shares nothing with the writer."""
    plain = written.replace(",", "").replace("−", "-")
    digits = plain.rstrip("万亿 kMB")
    return Decimal(digits).scaleb(MAGNITUDE[plain.removeprefix(digits)])


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (-0.0, "0", "0"),
        (7, "7", "7"),
        (0.00123, "0.00123", "0.00123"),
        (12.345, "12.3", "12.3"),
        (9999, "9,999", "9,999"),
        (9999.5, "1万", "10 k"),
        (45_600, "4.56万", "45.6 k"),
        (456_000, "45.6万", "456 k"),
        (99_999.5, "10万", "100 k"),
        (999_949, "100万", "999.9 k"),
        (999_950, "100万", "1 M"),
        (99_994_999, "9,999万", "100 M"),
        (99_995_000, "1亿", "100 M"),
        (123_456_789, "1.23亿", "123.5 M"),
        (999_950_000, "10亿", "1 B"),
        (-123_456_789, "−1.23亿", "−123.5 M"),
        (1_234_500_000_000, "1.23万亿", "1,235 B"),
        (None, "缺报", "not reported"),
        (float("nan"), "缺报", "not reported"),
        (float("inf"), "缺报", "not reported"),
    ],
)
def test_number_is_compact_in_the_steps_of_each_language(value: float, zh: str, en: str):
    assert formats.number(value, "zh") == zh
    assert formats.number(value, "en") == en


@pytest.mark.parametrize(
    ("value", "digits", "unit", "zh", "en"),
    [
        (456_000, None, ("条", "items"), "45.6万条", "456 k items"),
        (8, None, ("家", "enterprises"), "8家", "8 enterprises"),
        (45_600, 2, (None, None), "4.56万", "45.60 k"),
        (830_000, None, ("万元", "10k CNY"), "83亿元", "8.3 B CNY"),
        (0.5, None, ("万元", "10k CNY"), "5,000元", "5,000 CNY"),
        (17_282, None, ("TB", "TB"), "17.3 PB", "17.3 PB"),
        (999.96, None, ("GB", "GB"), "1 TB", "1 TB"),
        (0.25, None, ("TB", "TB"), "250 GB", "250 GB"),
        (0.9551, None, ("%", "%"), "95.5%", "95.5%"),
        (None, None, ("条", "items"), "缺报", "not reported"),
    ],
)
def test_units_follow_the_number(
    value: float | None, digits: int | None, unit: tuple[str | None, str | None], zh: str, en: str
):
    assert formats.number(value, "zh", digits, unit[0]) == zh
    assert formats.number(value, "en", digits, unit[1]) == en


@given(AMOUNT, LANG)
def test_a_compact_number_stays_within_half_a_unit_of_its_third_digit(value: float, lang: str):
    back = read(formats.number(value, lang))
    assert abs(back - Decimal(str(value))) <= abs(Decimal(str(value))) * Decimal("0.005")


@given(AMOUNT, AMOUNT, LANG)
def test_compact_numbers_keep_the_order(one: float, other: float, lang: str):
    low, high = sorted((one, other))
    assert read(formats.number(low, lang)) <= read(formats.number(high, lang))


@given(AMOUNT, LANG)
def test_a_negative_number_is_the_positive_with_a_minus(value: float, lang: str):
    written = formats.number(abs(value), lang)
    assert formats.number(-abs(value), lang) == (written if value == 0 else f"−{written}")


@given(st.integers(-(10**15), 10**15), LANG)
def test_exact_loses_no_digit(value: int, lang: str):
    assert int(formats.exact(value, lang).replace(",", "").replace("−", "-")) == value


def test_exact_keeps_decimals_and_the_missing_word():
    assert formats.exact(1_234_567.8, "zh") == "1,234,567.8"
    assert formats.exact(None, "en") == "not reported"


@pytest.mark.parametrize(
    ("fraction", "written"),
    [(0.1234, "12.3%"), (0.1235, "12.4%"), (0.0205, "2.1%"), (1, "100.0%"), (-0.0001, "0.0%")],
)
def test_percent_has_one_decimal_rounded_half_up(fraction: float, written: str):
    assert formats.percent(fraction, "zh") == formats.percent(fraction, "en") == written


@given(st.floats(-10, 10), LANG)
def test_percent_reads_back_to_the_fraction(fraction: float, lang: str):
    back = Decimal(formats.percent(fraction, lang).rstrip("%").replace(",", "").replace("−", "-"))
    assert abs(back - Decimal(str(fraction)) * 100) <= Decimal("0.05")


def test_the_difference_of_two_rates_is_in_percentage_points():
    assert formats.points(0.012, "zh") == "+1.2 个百分点"
    assert formats.points(-0.012, "en") == "−1.2 pp"
    assert formats.points(0.00004, "en") == "0.0 pp"
    assert formats.points(None, "zh") == "缺报"
    assert formats.gap(-30.0, "zh") == "−30.0 个百分点"


@given(st.floats(-1, 1), LANG)
def test_points_turned_round_only_change_their_sign(difference: float, lang: str):
    turned = {"+": "−", "−": "+"}
    there, back = formats.points(difference, lang), formats.points(-difference, lang)
    assert back == turned.get(there[0], there[0]) + there[1:]


@pytest.mark.parametrize(
    ("now", "before", "zh", "en"),
    [
        (12, 10, "+20.0%", "+20.0%"),
        (8, 10, "−20.0%", "−20.0%"),
        (10, 10, "0.0%", "0.0%"),
        (5, 0, "基数为0", "base is 0"),
        (5, -1, "基数为负", "base is negative"),
        (None, 10, "缺报", "not reported"),
        (10, None, "缺报", "not reported"),
        (None, 0, "缺报", "not reported"),
    ],
)
def test_change_has_a_sign_or_says_why_there_is_none(
    now: float | None, before: float | None, zh: str, en: str
):
    assert formats.change(now, before, "zh") == zh
    assert formats.change(now, before, "en") == en


def test_change_names_what_it_compares_with():
    assert formats.change(12, 10, "zh", "year") == "同比 +20.0%"
    assert formats.change(12, 10, "zh", "period") == "环比 +20.0%"
    assert formats.change(12, 10, "en", "year") == "+20.0% year on year"
    assert formats.change(12, 0, "zh", "year") == "基数为0"


def test_interval_is_the_wilson_answer_of_eight_in_ten():
    assert formats.interval(0.4901625, 0.9433178, "zh") == "49.0%–94.3%"
    assert formats.interval(None, 0.9, "en") == "not reported"


def test_dates_are_written_as_each_language_writes_them():
    assert formats.month(date(2026, 10, 1), "zh") == "2026年10月"
    assert formats.month(date(2026, 10, 1), "en") == "Oct 2026"
    assert formats.day(date(2026, 3, 5), "zh") == "2026年3月5日"
    assert formats.day(date(2026, 3, 5), "en") == "5 Mar 2026"
    assert formats.quarter("2026Q3", "zh") == "2026年三季度"
    assert formats.quarter("2026Q3", "en") == "Q3 2026"
    assert {formats.month(None, "zh"), formats.day(None, "zh"), formats.quarter(None, "zh")} == {
        "缺报"
    }


@pytest.mark.parametrize("wrong", ["2026Q5", "2026", "26Q1", "2026-Q1", ""])
def test_what_is_no_quarter_is_refused(wrong: str):
    with pytest.raises(ValueError, match="quarter"):
        formats.quarter(wrong, "zh")


def test_a_listing_joins_as_each_language_does():
    assert formats.listing(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert formats.listing(["A", "B", "C"], "en") == "A, B and C"
    assert formats.listing([], "zh") == ""
