-- One row: the plan, its term and its rules for lights and provisional months.
select
    name_zh,
    name_en,
    plan_start::date as plan_start,
    plan_end::date as plan_end,
    timezone,
    light_green::double as light_green,
    light_yellow::double as light_yellow,
    provisional_months::bigint as provisional_months
from plan_info
