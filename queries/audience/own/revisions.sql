-- Revisions of own figures; a file may hold rows of others, so its name is left out.
select revisions.* replace (null::varchar as file)
from main.revisions
where revisions.unit_id = getvariable('own_unit')
