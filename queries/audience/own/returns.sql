-- Own returns.
select returns.*
from main.returns
where returns.unit_id = getvariable('own_unit')
