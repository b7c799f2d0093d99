-- One row per month, project, platform, label set and source, with numbers in place of the
-- enterprises, projects and label sets of others, and without the number of their people.
select
    made.month,
    made.unit_id,
    case
        when made.unit_id = getvariable('own_unit') then made.enterprise_id
        else dense_rank() over (order by made.enterprise_id)::varchar
    end as enterprise_id,
    case
        when made.unit_id = getvariable('own_unit') then made.project_id
        else dense_rank() over (order by made.project_id)::varchar
    end as project_id,
    made.modality,
    made.platform,
    case
        when made.unit_id = getvariable('own_unit') then made.label_set
        else dense_rank() over (order by made.label_set)::varchar
    end as label_set,
    made.source,
    made.alpha,
    made.items,
    case when made.unit_id = getvariable('own_unit') then made.answers end as answers,
    case when made.unit_id = getvariable('own_unit') then made.annotators end as annotators,
    null::varchar as upload_id
from main.agreement as made
