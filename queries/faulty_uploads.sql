-- One row per upload with a finding, newest first. What an export's format cannot tell is no
-- fault of the file and makes no row.
-- $kind: return kind.
-- findings: what was found; waiting: of those, how many no later return has mended.
select
    uploads.sha256,
    uploads.name as file,
    uploads.kind,
    uploads.received_on,
    uploads.status,
    uploads.rows_read,
    uploads.rows_accepted,
    uploads.rows_quarantined,
    count(*)::bigint as findings,
    count(*) filter (where findings.outstanding)::bigint as waiting,
    uploads.upload_id
from uploads
inner join findings
    on
        uploads.upload_id = findings.upload_id
        and findings.code <> 'missing_capability'
where ($kind::varchar is null or uploads.kind = $kind::varchar)
group by
    uploads.upload_id,
    uploads.sha256,
    uploads.name,
    uploads.kind,
    uploads.received_on,
    uploads.status,
    uploads.rows_read,
    uploads.rows_accepted,
    uploads.rows_quarantined
order by uploads.upload_id desc
