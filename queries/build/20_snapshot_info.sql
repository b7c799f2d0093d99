-- One row: what this snapshot is. cut_off: newest labeling date; today: the day it was made,
-- in the plan's time zone; demo: synthetic returns are in it.
select
    build_info.snapshot,
    build_info.created_at,
    timezone(plan.timezone, timezone('UTC', build_info.created_at))::date as today,
    build_info.reason,
    build_info.imported_by,
    (select max(date) from output_daily) as cut_off,
    (
        exists (select 1 from enterprises where substr(enterprise_id, 9, 4) = 'DEM0')
        or exists (select 1 from datasets where starts_with(dataset_id, 'DEMO-'))
        or exists (select 1 from indicator_values where starts_with(source, '演示'))
    ) as demo
from build_info
cross join plan
