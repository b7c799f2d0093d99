-- The targets; working ones for whoever may see them.
select targets.*
from main.targets
where targets.plan <> 'working' or getvariable('working')
