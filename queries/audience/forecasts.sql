-- One row per target that may be seen and month ahead; nothing of a target of whose indicator
-- any month is hidden, since a forecast is made of all of them.
select
    made.target_id,
    made.month,
    made.p10,
    made.p50,
    made.p90,
    made.baseline,
    made.model
from main.forecasts as made
inner join main.targets on made.target_id = targets.target_id
where
    (targets.plan <> 'working' or getvariable('working'))
    and (
        coalesce(targets.scope = getvariable('own_unit'), false)
        or not exists (
            select 1
            from main.hidden_indicators as hidden
            where
                hidden.indicator_id = targets.indicator_id
                and hidden.scope = targets.scope
        )
    )
