-- One row per key that occurs more than once.
with keys as (
    select
        'output_daily' as name,
        concat_ws(' ', date, unit_id, modality, hours_basis) as key
    from output_daily
    union all
    select
        'output_monthly' as name,
        row(month, unit_id, enterprise_id, modality, task_type, hours_basis)::varchar
            as key
    from output_monthly
    union all
    select
        'unit_months' as name,
        concat_ws(' ', month, unit_id) as key
    from unit_months
    union all
    select
        'indicator_monthly' as name,
        concat_ws(' ', indicator_id, scope, month) as key
    from indicator_monthly
    union all
    select
        'enterprises' as name,
        enterprise_id as key
    from enterprises
    union all
    select
        'enterprise_quarterly' as name,
        concat_ws(' ', quarter, enterprise_id) as key
    from enterprise_quarterly
    union all
    select
        'datasets' as name,
        dataset_id as key
    from datasets
    union all
    select
        'workforce_monthly' as name,
        concat_ws(' ', month, unit_id) as key
    from workforce_monthly
    union all
    select
        'return_ledger' as name,
        concat_ws(' ', month, unit_id, kind) as key
    from return_ledger
    union all
    select
        'target_progress' as name,
        concat_ws(' ', target_id, as_at) as key
    from target_progress
    union all
    select
        'agreement' as name,
        row(month, unit_id, enterprise_id, project_id, platform, label_set, source)::varchar as key
    from agreement
    union all
    select
        'uploads' as name,
        upload_id as key
    from uploads
)

select
    name,
    key,
    count(*) as times
from keys
group by name, key
having count(*) > 1
order by name, key
