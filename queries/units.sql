-- One row per unit of the plan. named_in: published_text, or assumed for a placeholder.
select
    unit_id,
    name_zh,
    name_en,
    kind,
    roles,
    division,
    lon,
    lat,
    location_basis,
    named_in,
    focus_zh,
    focus_en
from units
order by unit_id
