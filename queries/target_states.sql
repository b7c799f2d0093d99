-- One row per state that a target can be in: how many targets are in it, 0 included.
-- $to_month: as at this month (the newest without it); $plan: targets of one plan.
-- sort: the order in which states need a decision; incomplete: a missing return could turn the
-- light; no_value: stated, but nothing was observed; not_begun: before its start; suppressed: the
-- reader may not see it. The last two are there only if a target is.
-- light: the one that the state shows, none where there is nothing to judge.
with as_at as (
    select max(as_at) as month
    from target_progress
    where $to_month::date is null or as_at <= $to_month::date
),

states as (
    select
        listed.state,
        listed.light,
        listed.sort
    from (
        values
        ('far_behind', 'red', 1),
        ('behind', 'yellow', 2),
        ('incomplete', 'none', 3),
        ('no_value', 'none', 4),
        ('not_stated', 'none', 5),
        ('on_schedule', 'green', 6),
        ('achieved', 'green', 7),
        ('not_begun', 'none', 8),
        ('suppressed', 'none', 9)
    ) as listed (state, light, sort)
),

judged as (
    select progress.state
    from target_progress as progress
    inner join as_at on progress.as_at = as_at.month
    inner join targets on progress.target_id = targets.target_id
    where $plan::varchar is null or targets.plan = $plan::varchar
)

select
    states.state,
    states.light,
    count(judged.state)::bigint as targets,
    states.sort::bigint as sort
from states
left join judged on states.state = judged.state
group by states.state, states.light, states.sort
having states.state not in ('not_begun', 'suppressed') or count(judged.state) > 0
order by states.sort
