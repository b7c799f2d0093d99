-- One row per target that may be seen and month, made of released values; own ones as they are.
-- Nothing of it where there is no released value, or where a flow lacks one of its months.
with judged as (
    select
        progress.* replace (main_progress.missing_returns as missing_returns),
        main_progress.value is not null
        and (
            progress.value is null
            or (
                indicators.kind = 'flow'
                and exists (
                    select 1
                    from main.hidden_indicators as hidden
                    where
                        hidden.indicator_id = targets.indicator_id
                        and hidden.scope = targets.scope
                        and hidden.month between date_trunc('month', targets.start)
                        and progress.value_month
                )
            )
        ) as withheld
    from released.target_progress as progress
    inner join main.target_progress as main_progress
        on
            progress.target_id = main_progress.target_id
            and progress.as_at = main_progress.as_at
    inner join main.targets on progress.target_id = targets.target_id
    inner join main.indicators on targets.indicator_id = indicators.indicator_id
    where
        (targets.plan <> 'working' or getvariable('working'))
        and targets.scope is distinct from getvariable('own_unit')
)

select
    judged.* exclude (withheld)
    replace (
        case when not judged.withheld then judged.value end as value,
        case when judged.withheld then 'C' else judged.status end as status,
        case when not judged.withheld then judged.done_share end as done_share,
        case when not judged.withheld then judged.gap_pp end as gap_pp,
        case when judged.withheld then 'none' else judged.light end as light,
        case
            when judged.withheld and judged.state <> 'not_stated' then 'suppressed'
            else judged.state
        end as state,
        case when not judged.withheld then judged.needed_per_month end as needed_per_month,
        case when not judged.withheld then judged.recent_per_month end as recent_per_month,
        case when not judged.withheld then judged.catch_up end as catch_up,
        case when not judged.withheld then judged.growth_ratio end as growth_ratio,
        case when not judged.withheld then judged.heading_for end as heading_for
    )
from judged
union all by name
select progress.*
from main.target_progress as progress
inner join main.targets on progress.target_id = targets.target_id
where
    (targets.plan <> 'working' or getvariable('working'))
    and targets.scope = getvariable('own_unit')
