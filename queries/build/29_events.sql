-- One row per event of the plan's folder: month, kind, unit (NULL: everywhere) and words. Examples
-- (演示) are left out where the returns are no demonstration.
select
    events.month::date as month,
    events.kind,
    events.unit_id,
    events.text_zh,
    events.text_en,
    events.source,
    starts_with(events.source, '演示') as demo
from plan_events as events
cross join snapshot_info
where snapshot_info.demo or not starts_with(events.source, '演示')
order by events.month, events.kind, events.unit_id nulls first, events.text_zh
