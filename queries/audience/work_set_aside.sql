-- One row per date, unit and reason of work counted apart, with numbers in place of the
-- enterprises and projects of others.
select
    aside.date,
    aside.unit_id,
    case
        when aside.unit_id = getvariable('own_unit') then aside.enterprise_id
        else dense_rank() over (order by aside.enterprise_id)::varchar
    end as enterprise_id,
    case
        when aside.unit_id = getvariable('own_unit') then aside.project_id
        else dense_rank() over (order by aside.project_id)::varchar
    end as project_id,
    aside.modality,
    aside.reason,
    aside.items,
    null::varchar as upload_id,
    null::bigint as source_row
from main.work_set_aside as aside
