-- One row per part of an indicator, month and unit as released; own ones as they are.
select parts.*
from released.parts_workforce as parts
where parts.unit_id is distinct from getvariable('own_unit')
union all by name
select parts.*
from main.parts_workforce as parts
where parts.unit_id = getvariable('own_unit')
