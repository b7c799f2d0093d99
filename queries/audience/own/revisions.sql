-- One row per revision of an own figure; a file may hold rows of others, so its name is left out.
select
    revisions.month,
    revisions.unit_id,
    revisions.kind,
    revisions.measure,
    revisions.snapshot,
    revisions.before,
    revisions.after,
    revisions.corrected,
    revisions.reason,
    null::varchar as file,
    revisions.received_on
from main.revisions
where revisions.unit_id = getvariable('own_unit')
