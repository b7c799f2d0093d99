-- One row per target that may be seen and month; nothing of it where what it follows from is
-- hidden: a flow from any of its months, the recent pace from any month of the last year.
with judged as (
    select
        progress.*,
        targets.scope,
        exists(
            select 1
            from main.hidden_indicators as hidden
            where
                hidden.indicator_id = targets.indicator_id
                and hidden.scope = targets.scope
                and (
                    hidden.month = progress.value_month
                    or (
                        indicators.kind = 'flow'
                        and hidden.month between date_trunc('month', targets.start)
                        and progress.as_at
                    )
                )
        ) as hidden,
        exists(
            select 1
            from main.hidden_indicators as hidden
            where
                hidden.indicator_id = targets.indicator_id
                and hidden.scope = targets.scope
                and hidden.month between progress.as_at - interval 1 year and progress.as_at
        ) as hidden_lately
    from main.target_progress as progress
    inner join main.targets on progress.target_id = targets.target_id
    inner join main.indicators on targets.indicator_id = indicators.indicator_id
    where targets.plan <> 'working' or getvariable('working')
),

seen as (
    select
        judged.*,
        judged.hidden
        and judged.value is not null
        and coalesce(judged.scope <> getvariable('own_unit'), true)
            as withheld,
        (judged.hidden or judged.hidden_lately)
        and coalesce(judged.scope <> getvariable('own_unit'), true)
            as pace_withheld
    from judged
)

select
    target_id,
    as_at,
    case when not withheld then value end as value,
    value_month,
    case when withheld then 'C' else status end as status,
    units_reported,
    units_due,
    missing_returns,
    method,
    baseline_used,
    goal,
    case when not withheld then done_share end as done_share,
    time_share,
    case when not withheld then gap_pp end as gap_pp,
    case when withheld then 'none' else light end as light,
    case when withheld and state <> 'not_stated' then 'suppressed' else state end as state,
    case when not withheld then needed_per_month end as needed_per_month,
    case when not pace_withheld then recent_per_month end as recent_per_month,
    case when not pace_withheld then catch_up end as catch_up,
    case when not (withheld or pace_withheld) then growth_ratio end as growth_ratio,
    case when not withheld then heading_for end as heading_for,
    expected_now
from seen
