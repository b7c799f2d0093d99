-- One row per finding of an upload in the snapshot.
-- $sha256: fingerprint of a file, or its first characters. outstanding: no return that
-- replaces the row has come since.
select
    uploads.sha256,
    findings.name as file,
    findings.received_on,
    findings.kind,
    findings.row,
    findings.field,
    findings.value,
    findings.code,
    findings.rule,
    findings.message_zh,
    findings.message_en,
    findings.record,
    findings.unit_id,
    findings.period,
    findings.cell,
    findings.outstanding
from findings
inner join uploads on findings.upload_id = uploads.upload_id
where ($sha256::varchar is null or starts_with(uploads.sha256, $sha256))
order by
    findings.upload_id,
    findings.row nulls first,
    findings.field,
    findings.code,
    findings.rule,
    findings.value,
    findings.record
