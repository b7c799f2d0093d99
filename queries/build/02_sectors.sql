-- One row per sector of the industry datasets (X).
select
    sector,
    name_zh,
    name_en,
    in_plan,
    sort::bigint as sort
from plan_sectors
order by sort, sector
