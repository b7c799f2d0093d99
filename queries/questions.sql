-- One row per question to a unit: a figure that may be right but is asked about.
-- $from_month, $to_month: first and last month (what has no month is always there);
-- $unit_id: unit; $kind: return kind. rule: jump, cumulative_falls, volume_unit, dataset_size;
-- its words are questions.RULE of the catalogue. value is compared with compared: the mean of
-- the last three months, the highest earlier value, the usual GB per item, the bound.
select
    kind,
    unit_id,
    month,
    'rule' as code,
    rule,
    subject,
    measure,
    value,
    compared
from questions
where
    ($from_month::date is null or month is null or month >= $from_month::date)
    and ($to_month::date is null or month is null or month <= $to_month::date)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($kind::varchar is null or kind = $kind::varchar)
order by month, kind, unit_id nulls first, rule, subject nulls first, measure
