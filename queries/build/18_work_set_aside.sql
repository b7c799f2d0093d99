-- One row per date, unit, enterprise, project, modality and reason: work counted apart
-- (skipped, draft, expired).
select
    date,
    unit_id,
    enterprise_id,
    project_id,
    modality,
    reason,
    items,
    upload_id,
    source_row
from fact_work_set_aside
order by
    date,
    unit_id,
    enterprise_id,
    project_id,
    modality,
    reason,
    upload_id,
    source_row
