-- One row per enterprise: the register without its source.
select
    enterprises.enterprise_id,
    enterprises.name_zh,
    enterprises.name_en,
    enterprises.unit_id,
    enterprises.founded_on,
    enterprises.joined_on,
    enterprises.left_on,
    enterprises.origin,
    enterprises.links,
    enterprises.recognition,
    enterprises.registered,
    coalesce(enterprises.unit_id <> getvariable('own_unit'), true) as suppressed,
    null::varchar as upload_id,
    null::bigint as source_row
from main.enterprises
