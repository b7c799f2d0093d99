-- One row per office or unit that may answer for a task.
-- kind: office (of the plan's list), unit (a labeling unit).
select
    office_id,
    kind,
    name_zh,
    name_en,
    contact
from offices
order by sort, office_id
