-- One row per office or unit that may answer for a task.
-- office_id: the plan's code, or the unit's; kind: office, unit.
select
    office_id,
    'office' as kind,
    name_zh,
    name_en,
    contact,
    sort::bigint as sort
from plan_offices
union all
select
    unit_id as office_id,
    'unit' as kind,
    name_zh,
    name_en,
    null as contact,
    (1000 + row_number() over (order by unit_id))::bigint as sort
from plan_units
order by sort, office_id
