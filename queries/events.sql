-- One row per event that explains a month: a holiday, a change of platform or definition.
-- $from_month, $to_month: first and last month; $unit_id: what is of everywhere or of this unit.
-- unit_id: NULL where it is of everywhere. demo: an example, shown with demo returns only.
select
    month,
    kind,
    unit_id,
    text_zh,
    text_en,
    source,
    demo
from events
where
    ($from_month::date is null or month >= $from_month::date)
    and ($to_month::date is null or month <= $to_month::date)
    and ($unit_id::varchar is null or unit_id is null or unit_id = $unit_id::varchar)
order by month, kind, unit_id nulls first, text_zh
