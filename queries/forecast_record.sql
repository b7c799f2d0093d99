-- One row per target, month from which a forecast was published and month that it was about: what
-- was forecast, and what came.
-- $target_id: one target; $indicator_id: targets of an indicator.
-- horizon: months ahead. actual: the value held against the target in that month, NULL while it is
-- to come or where a return was missing; inside: whether it lies between p10 and p90.
with actuals as (
    select
        progress.target_id,
        progress.as_at as month,
        progress.value
    from target_progress as progress
    left join months on progress.as_at = months.month
    where
        progress.value_month = progress.as_at
        and progress.state <> 'incomplete'
        and not coalesce(months.running, false)
)

select
    forecast_log.target_id,
    targets.indicator_id,
    forecast_log.made_on,
    forecast_log.month,
    datediff('month', forecast_log.made_on, forecast_log.month)::bigint as horizon,
    forecast_log.p10,
    forecast_log.p50,
    forecast_log.p90,
    actuals.value as actual,
    actuals.value between forecast_log.p10 - 1e-9 and forecast_log.p90 + 1e-9 as inside
from forecast_log
inner join targets on forecast_log.target_id = targets.target_id
left join actuals
    on forecast_log.target_id = actuals.target_id and forecast_log.month = actuals.month
where
    ($target_id::varchar is null or forecast_log.target_id = $target_id::varchar)
    and ($indicator_id::varchar is null or targets.indicator_id = $indicator_id::varchar)
order by forecast_log.target_id, forecast_log.made_on, forecast_log.month
