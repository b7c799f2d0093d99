-- One row per enterprise id of the typed events that are good so far; their check digits are
-- looked at outside SQL, since there are few of them.
select distinct enterprise_id
from typed
where fault is null
order by enterprise_id
