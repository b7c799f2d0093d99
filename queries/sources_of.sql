-- One row per upload, return kind, unit and period: which files a unit's figures come from.
-- $unit_id: unit; $from_month, $to_month: first and last month (a quarterly return stands in
-- every month of its quarter); $kind: return kind.
-- version: place in the sequence of such uploads; rows_in_force: rows that no later return has
-- replaced (NULL for registries, which have no period); first_row, last_row: lines of the file
-- between which those stand.
select
    returns.kind,
    returns.unit_id,
    returns.period,
    returns.version,
    returns.upload_id,
    uploads.name,
    uploads.sha256,
    uploads.encoding,
    uploads.status,
    returns.received_on,
    uploads.imported_at,
    uploads.imported_by,
    uploads.reason,
    returns.rows,
    returns.rows_in_force,
    returns.first_row,
    returns.last_row,
    uploads.rows_read,
    uploads.rows_accepted,
    uploads.rows_quarantined
from returns
inner join uploads on returns.upload_id = uploads.upload_id
where
    ($unit_id::varchar is null or returns.unit_id = $unit_id::varchar)
    and ($kind::varchar is null or returns.kind = $kind::varchar)
    and (
        $from_month::date is null
        or returns.period is null
        or case
            when returns.kind = 'enterprise_quarterly'
                then returns.period + interval 2 month
            else returns.period
        end
        >= $from_month::date
    )
    and (
        $to_month::date is null
        or returns.period is null
        or returns.period <= $to_month::date
    )
order by
    returns.kind,
    returns.unit_id nulls last,
    returns.period nulls last,
    returns.version,
    returns.upload_id
