-- The register of enterprises without its source.
select
    enterprises.* replace (
        unit_id is distinct from getvariable('own_unit') as suppressed,
        null::varchar as upload_id,
        null::bigint as source_row
    )
from main.enterprises
