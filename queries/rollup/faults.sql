-- One row per fault of the events that are set aside: how many events have it.
with faults as (
    select fault
    from judged
    where fault is not null
    union all
    select 'duplicate_key|event_id' as fault
    from repeated
    where conflicting
)

select
    fault,
    count(*) as events
from faults
group by fault
order by fault
