-- One row per upload, kind, unit and period that it carried rows for.
-- version: its place in the sequence of such uploads; rows_in_force: how many of its rows a
-- later return has not replaced (NULL for kinds without a due date); first_row, last_row: lines
-- of the file between which those stand.
with in_force as (
    select
        'labeling_daily' as kind,
        upload_id,
        unit_id,
        month as period,
        rows_in_force,
        first_row,
        last_row
    from cube_returned_rows
    union all
    select
        'workforce_monthly' as kind,
        upload_id,
        unit_id,
        month as period,
        count(*) as rows_in_force,
        min(source_row) as first_row,
        max(source_row) as last_row
    from workforce_monthly
    group by upload_id, unit_id, month
    union all
    select
        'enterprise_quarterly' as kind,
        upload_id,
        unit_id,
        date_trunc('quarter', month)::date as period,
        count(*) as rows_in_force,
        min(source_row) as first_row,
        max(source_row) as last_row
    from enterprise_quarterly
    group by upload_id, unit_id, month
    union all
    select
        'enterprises' as kind,
        upload_id,
        unit_id,
        null::date as period,
        count(*) as rows_in_force,
        min(source_row) as first_row,
        max(source_row) as last_row
    from enterprises
    where upload_id is not null
    group by upload_id, unit_id
    union all
    select
        'datasets' as kind,
        upload_id,
        unit_id,
        null::date as period,
        count(*) as rows_in_force,
        min(source_row) as first_row,
        max(source_row) as last_row
    from datasets
    group by upload_id, unit_id
    union all
    select
        'indicator_values' as kind,
        upload_id,
        scope as unit_id,
        month as period,
        count(*) as rows_in_force,
        min(source_row) as first_row,
        max(source_row) as last_row
    from indicator_values
    group by upload_id, scope, month
),

sent as (
    select
        upload_id,
        kind,
        unit_id,
        case
            when kind = 'enterprise_quarterly' then date_trunc('quarter', period)::date
            else period
        end as period,
        rows,
        received_on
    from fact_returns
)

select
    sent.upload_id,
    sent.kind,
    sent.unit_id,
    sent.period,
    sent.rows,
    case
        when sent.kind in ('labeling_daily', 'workforce_monthly', 'enterprise_quarterly')
            then coalesce(in_force.rows_in_force, 0)
    end::bigint as rows_in_force,
    in_force.first_row::bigint as first_row,
    in_force.last_row::bigint as last_row,
    row_number() over (
        partition by sent.kind, sent.unit_id, sent.period
        order by sent.upload_id
    )::bigint as version,
    sent.received_on
from sent
left join in_force
    on
        sent.kind = in_force.kind
        and sent.upload_id = in_force.upload_id
        and sent.unit_id = in_force.unit_id
        and sent.period is not distinct from in_force.period
order by sent.kind, sent.unit_id, sent.period, sent.upload_id
