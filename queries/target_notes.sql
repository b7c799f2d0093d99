-- One row per check-in note on a target: what its owner said in that month.
-- $target_id: one target; $to_month: up to this month.
-- owner: an office, never a person. demo: an example, shown with demo returns only.
select
    month,
    target_id,
    owner,
    text_zh,
    text_en,
    source,
    demo
from notes
where
    ($target_id::varchar is null or target_id = $target_id::varchar)
    and ($to_month::date is null or month <= $to_month::date)
order by month desc, target_id asc, owner asc
