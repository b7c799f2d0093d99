-- One row per target that may be seen; of whose indicator any month is hidden, its state is
-- suppressed: a forecast is made of all of them.
with seen as (
    select
        made.*,
        made.state not in ('not_stated', 'no_value')
        and coalesce(targets.scope <> getvariable('own_unit'), true)
        and exists (
            select 1
            from main.hidden_indicators as hidden
            where
                hidden.indicator_id = targets.indicator_id
                and hidden.scope = targets.scope
        ) as withheld
    from main.arrivals as made
    inner join main.targets on made.target_id = targets.target_id
    where targets.plan <> 'working' or getvariable('working')
)

select
    target_id,
    as_at,
    case when withheld then 'suppressed' else state end as state,
    case when not withheld then observed_months end as observed_months,
    case when not withheld then p10 end as p10,
    case when not withheld then p50 end as p50,
    case when not withheld then p90 end as p90,
    case when not withheld then probability end as probability,
    case when withheld then 'suppressed' else outlook end as outlook,
    case when not withheld then baseline_probability end as baseline_probability,
    case when not withheld then forecast_to end as forecast_to,
    case when not withheld then model end as model
from seen
