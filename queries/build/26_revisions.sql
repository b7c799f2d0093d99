-- One row per month, unit, return kind, measure and snapshot that changed a published figure.
-- A quarterly figure stands in the last month of its quarter. reason and file: of the
-- uploads that changed it, joined by |.
with figure as (
    select
        snapshot,
        kind,
        unit_id,
        case
            when kind = 'enterprise_quarterly'
                then (period + interval 2 month)::date
            else period
        end as month,
        period,
        measure,
        before,
        after,
        corrected
    from fact_revisions
),

cause as (
    select
        fact_returns.snapshot,
        fact_returns.kind,
        fact_returns.unit_id,
        fact_returns.period,
        string_agg(
            distinct nullif(trim(fact_uploads.reason), ''), ' | '
            order by nullif(trim(fact_uploads.reason), '')
        ) as reason,
        string_agg(distinct fact_uploads.name, ' | ' order by fact_uploads.name) as file,
        max(fact_uploads.received_on) as received_on
    from fact_returns
    inner join fact_uploads on fact_returns.upload_id = fact_uploads.upload_id
    group by
        fact_returns.snapshot,
        fact_returns.kind,
        fact_returns.unit_id,
        fact_returns.period
)

select
    figure.month,
    figure.unit_id,
    figure.kind,
    figure.measure,
    figure.snapshot,
    figure.before,
    figure.after,
    figure.corrected,
    cause.reason,
    cause.file,
    cause.received_on
from figure
left join cause
    on
        figure.snapshot = cause.snapshot
        and figure.kind = cause.kind
        and figure.unit_id = cause.unit_id
        and figure.period = cause.period
order by
    figure.month,
    figure.unit_id,
    figure.kind,
    figure.measure,
    figure.snapshot
