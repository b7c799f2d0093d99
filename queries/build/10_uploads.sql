-- One row per upload that was published at least in part.
select
    upload_id,
    sha256,
    name,
    kind,
    encoding,
    bytes,
    rows_read,
    rows_accepted,
    rows_quarantined,
    findings_total,
    status,
    received_on,
    imported_at,
    imported_by,
    reason,
    snapshot,
    options
from fact_uploads
order by upload_id
