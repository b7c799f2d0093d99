-- One row per return without its upload, or with more rows in force than it carried.
select
    returns.upload_id,
    returns.kind,
    returns.unit_id,
    returns.period
from returns
left join uploads on returns.upload_id = uploads.upload_id
where
    uploads.upload_id is null
    or returns.rows_in_force > returns.rows
order by returns.upload_id, returns.kind, returns.unit_id, returns.period
