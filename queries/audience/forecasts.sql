-- One row per target that may be seen and month ahead, made of released values; own ones as they
-- are. Nothing of a flow that lacks one of its months.
select made.*
from released.forecasts as made
inner join main.targets on made.target_id = targets.target_id
inner join main.indicators on targets.indicator_id = indicators.indicator_id
where
    (targets.plan <> 'working' or getvariable('working'))
    and targets.scope is distinct from getvariable('own_unit')
    and not (
        indicators.kind = 'flow'
        and exists (
            select 1
            from main.hidden_indicators as hidden
            where
                hidden.indicator_id = targets.indicator_id
                and hidden.scope = targets.scope
                and hidden.month >= date_trunc('month', targets.start)
                and hidden.month < (
                    select min(ahead.month)
                    from released.forecasts as ahead
                    where ahead.target_id = made.target_id
                )
        )
    )
union all by name
select made.*
from main.forecasts as made
inner join main.targets on made.target_id = targets.target_id
where
    (targets.plan <> 'working' or getvariable('working'))
    and targets.scope = getvariable('own_unit')
