-- One row per target that may be seen, month in which it was forecast and month ahead; nothing of
-- a target of whose indicator any month is hidden.
select
    made.target_id,
    made.made_on,
    made.month,
    made.p10,
    made.p50,
    made.p90
from main.forecast_log as made
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
