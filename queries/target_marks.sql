-- One row per target: where its marks stand on an axis on which the goal is 1.
-- $to_month: as at this month (the newest without it).
-- goal: what has to be there when it is due; of a count that has to exceed a number, one more.
-- value_share, schedule_share: the value and where it should be today over the goal. p10_share,
-- p50_share, p90_share: the forecast at the due date over the goal, NULL without one and once it
-- is met. wide: the forecast spans more than half of the goal and is no interval to draw.
with as_at as (
    select max(as_at) as month
    from target_progress
    where $to_month::date is null or as_at <= $to_month::date
),

goals as (
    select
        targets.target_id,
        targets.due,
        progress.value,
        progress.baseline_used,
        progress.time_share,
        coalesce(arrivals.state = 'forecast' and progress.state <> 'achieved', false) as ahead,
        case
            when
                targets.operator = 'exceed'
                and indicators.kind in ('stock', 'cumulative', 'flow')
                and indicators.unit_zh not in ('万元', 'GB', 'TB', '%')
                then targets.value + 1
            else targets.value
        end as goal
    from targets
    inner join indicators on targets.indicator_id = indicators.indicator_id
    inner join as_at on true
    inner join target_progress as progress
        on targets.target_id = progress.target_id and as_at.month = progress.as_at
    left join arrivals
        on targets.target_id = arrivals.target_id and as_at.month >= arrivals.as_at
)

select
    goals.target_id,
    goals.goal::double as goal,
    (goals.value / nullif(goals.goal, 0))::double as value_share,
    (
        (goals.baseline_used + (goals.goal - goals.baseline_used) * goals.time_share)
        / nullif(goals.goal, 0)
    )::double as schedule_share,
    (forecasts.p10 / nullif(goals.goal, 0))::double as p10_share,
    (forecasts.p50 / nullif(goals.goal, 0))::double as p50_share,
    (forecasts.p90 / nullif(goals.goal, 0))::double as p90_share,
    coalesce((forecasts.p90 - forecasts.p10) / nullif(goals.goal, 0) > 0.5, false) as wide
from goals
left join forecasts
    on
        goals.ahead
        and goals.target_id = forecasts.target_id
        and forecasts.month = date_trunc('month', goals.due)::date
order by goals.target_id
