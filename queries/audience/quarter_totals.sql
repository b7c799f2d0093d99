-- One row per quarter and scope as released; own totals as they are.
select totals.*
from released.quarter_totals as totals
where totals.scope is distinct from getvariable('own_unit')
union all by name
select totals.*
from main.quarter_totals as totals
where totals.scope = getvariable('own_unit')
