-- One row per target and month ahead: the fan of its forecast and the line that is needed.
-- $target_id: one target.
-- Forecasts are made as at the newest complete month only (targets_progress has the state). The
-- first month is the one that a forecast starts from, with the value it had then. p10, p50, p90:
-- a tenth, half, nine tenths of the simulated paths lie below; a flow is added up from the
-- target's start. baseline: the middle of the seasonal-naive forecast. needed: the straight
-- line from the value to the target when it is due; NULL where none is stated, after the due
-- date, for rates and for what has been reached.
with starts as (
    select
        target_id,
        min(month) as month
    from forecasts
    group by target_id
)

select
    forecasts.target_id,
    forecasts.month,
    last_day(forecasts.month)::date as day,
    forecasts.p10,
    forecasts.p50,
    forecasts.p90,
    forecasts.baseline,
    case
        when
            indicators.aggregation in ('sum', 'count', 'last')
            and arrivals.state = 'forecast'
            and forecasts.month <= targets.due
            then
                origin.p50
                + (targets.value - origin.p50)
                * datediff('month', starts.month, forecasts.month)
                / nullif(datediff('month', starts.month, targets.due), 0)
    end::double as needed,
    targets.value as target,
    forecasts.model
from forecasts
inner join arrivals on forecasts.target_id = arrivals.target_id
inner join targets on forecasts.target_id = targets.target_id
inner join indicators on targets.indicator_id = indicators.indicator_id
inner join starts on forecasts.target_id = starts.target_id
inner join forecasts as origin
    on starts.target_id = origin.target_id and starts.month = origin.month
where $target_id::varchar is null or forecasts.target_id = $target_id::varchar
order by forecasts.target_id, forecasts.month
