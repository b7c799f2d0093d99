-- One row per target that may be seen and of whose indicator no month is hidden.
select
    made.target_id,
    made.as_at,
    made.state,
    made.observed_months,
    made.p10,
    made.p50,
    made.p90,
    made.probability,
    made.baseline_probability,
    made.forecast_to,
    made.model,
    made.relative_error
from main.arrivals as made
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
