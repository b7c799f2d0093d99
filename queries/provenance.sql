-- One row per indicator, file and period: which rows of which files made an indicator's figure.
-- $indicator_id: that one (items_accepted without it); $to_month: the month of the figure (the
-- newest of the data without it); $unit_id: only files of that unit, or city for values sent as
-- a whole. value, status: of the unit's own part; first_row, last_row: lines of the file between
-- which the rows in force stand; replaced: a later return has replaced all of them.
with asked as (
    select
        indicators.indicator_id,
        indicators.source,
        coalesce(
            $to_month::date,
            (
                select max(indicator_monthly.month)
                from indicator_monthly
                where
                    indicator_monthly.indicator_id = indicators.indicator_id
                    and indicator_monthly.scope = 'city'
                    and indicator_monthly.value is not null
            )
        ) as month
    from indicators
    where indicators.indicator_id = coalesce($indicator_id::varchar, 'items_accepted')
)

select
    asked.indicator_id,
    asked.month,
    returns.kind,
    returns.unit_id,
    indicator_monthly.value,
    indicator_monthly.status,
    returns.period,
    returns.version,
    returns.upload_id,
    uploads.name,
    uploads.sha256,
    uploads.received_on,
    uploads.imported_by,
    uploads.reason,
    returns.rows,
    returns.rows_in_force,
    returns.first_row,
    returns.last_row,
    returns.first_row is null as replaced
from asked
inner join returns
    on
        list_contains(string_split(asked.source, ', '), returns.kind)
        and (
            returns.period is null
            or returns.period = case
                when returns.kind = 'enterprise_quarterly'
                    then date_trunc('quarter', asked.month)::date
                else asked.month
            end
        )
inner join uploads on returns.upload_id = uploads.upload_id
left join indicator_monthly
    on
        asked.indicator_id = indicator_monthly.indicator_id
        and asked.month = indicator_monthly.month
        and returns.unit_id = indicator_monthly.scope
where $unit_id::varchar is null or returns.unit_id = $unit_id::varchar
order by
    asked.indicator_id,
    returns.kind,
    returns.unit_id nulls last,
    returns.period nulls last,
    returns.version,
    returns.upload_id
