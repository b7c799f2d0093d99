-- One row per indicator, scope and month as released; own ones as they are.
select series.*
from released.indicator_monthly as series
where series.scope is distinct from getvariable('own_unit')
union all by name
select series.*
from main.indicator_monthly as series
where series.scope = getvariable('own_unit')
