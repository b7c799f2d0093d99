-- One row per event that is set aside, at most a million of them: the fault as "code|field" and
-- what stood there.
select
    event_id,
    item_id,
    fault,
    value
from judged
where fault is not null
union all
select
    event_id,
    item_id,
    'duplicate_key|event_id' as fault,
    event_id as value
from repeated
where conflicting
order by event_id nulls first, item_id nulls first, fault, value nulls first
limit 1000000
