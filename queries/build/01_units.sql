-- One row per unit of the plan. A place with two roles (data factory and unit) is one row.
select
    unit_id,
    name_zh,
    name_en,
    kind,
    roles,
    division,
    lon::double as lon,
    lat::double as lat,
    location_basis,
    named_in,
    focus_zh,
    focus_en
from plan_units
order by unit_id
