-- One row per finding in own rows.
select
    findings.upload_id,
    findings.name,
    findings.kind,
    findings.received_on,
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
    findings.outstanding
from main.findings
where findings.unit_id = getvariable('own_unit')
