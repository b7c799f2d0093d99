-- One row per month, unit and return kind: days covered of days due (working days).
-- $from_month, $to_month: first and last month; $unit_id: unit; $kind: kind of return.
-- first_day, last_day: of the rows of labeling_daily, or of the month or quarter of other kinds.
-- whole: every day due is covered, so that the month may be compared with others. status:
-- missing, running (the newest month, which no unit has whole yet), partial, whole.
select
    month,
    unit_id,
    kind,
    days_due,
    days_covered,
    first_day,
    last_day,
    whole,
    status
from period_coverage
where
    ($from_month::date is null or month >= $from_month::date)
    and ($to_month::date is null or month <= $to_month::date)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($kind::varchar is null or kind = $kind::varchar)
order by month, unit_id, kind
