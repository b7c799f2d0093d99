-- Work counted apart, with numbers in place of enterprises and projects of others.
select
    work_set_aside.* replace (
        case
            when unit_id = getvariable('own_unit') then enterprise_id
            else dense_rank() over (order by enterprise_id)::varchar
        end as enterprise_id,
        case
            when unit_id = getvariable('own_unit') then project_id
            else dense_rank() over (order by project_id)::varchar
        end as project_id,
        null::varchar as upload_id,
        null::bigint as source_row
    )
from main.work_set_aside
