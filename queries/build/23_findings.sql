-- One row per finding of an upload. outstanding: nothing accepted has come since for the same
-- kind, unit and period (or, where these are unknown, under the same file name and kind);
-- what a platform's format cannot tell is a notice and never outstanding.
with found as (
    select
        fact_findings.*,
        fact_uploads.name,
        fact_uploads.received_on
    from fact_findings
    inner join fact_uploads on fact_findings.upload_id = fact_uploads.upload_id
),

newest_return as (
    select
        kind,
        unit_id,
        period,
        max(upload_id) as upload_id
    from returns
    group by kind, unit_id, period
),

newest_file as (
    select
        name,
        kind,
        max(upload_id) as upload_id
    from uploads
    where status in ('accepted', 'partly')
    group by name, kind
)

select
    found.upload_id,
    found.name,
    found.kind,
    found.received_on,
    found.row,
    found.field,
    found.value,
    found.code,
    found.rule,
    found.message_zh,
    found.message_en,
    found.record,
    found.unit_id,
    found.period,
    found.cell,
    found.code <> 'missing_capability'
    and found.upload_id >= coalesce(
        case
            when found.unit_id is null or found.period is null
                then newest_file.upload_id
            else newest_return.upload_id
        end,
        ''
    ) as outstanding
from found
left join newest_return
    on
        found.kind = newest_return.kind
        and found.unit_id = newest_return.unit_id
        and found.period = newest_return.period
left join newest_file
    on found.kind = newest_file.kind and found.name = newest_file.name
order by
    found.upload_id,
    found.row,
    found.field,
    found.code,
    found.rule,
    found.value,
    found.record
