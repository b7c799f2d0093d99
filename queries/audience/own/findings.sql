-- One row per finding in own rows.
select findings.*
from main.findings
where findings.unit_id = getvariable('own_unit')
