-- One row per upload that carried rows of the own unit and of no other.
select
    uploads.upload_id,
    uploads.sha256,
    uploads.name,
    uploads.kind,
    uploads.encoding,
    uploads.bytes,
    uploads.rows_read,
    uploads.rows_accepted,
    uploads.rows_quarantined,
    uploads.findings_total,
    uploads.status,
    uploads.received_on,
    uploads.imported_at,
    uploads.imported_by,
    uploads.reason,
    uploads.snapshot,
    uploads.options
from main.uploads
where
    uploads.upload_id in (
        select returns.upload_id
        from main.returns
        group by returns.upload_id
        having bool_and(coalesce(returns.unit_id = getvariable('own_unit'), false))
    )
    and not exists (
        select 1
        from main.findings
        where
            findings.upload_id = uploads.upload_id
            and findings.unit_id <> getvariable('own_unit')
    )
