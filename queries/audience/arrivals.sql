-- One row per target that may be seen, made of released values; own ones as they are. Its state
-- is suppressed where there is no released value, or where a flow lacks one of its months.
with seen as (
    select
        made.*,
        main_made.state not in ('not_stated', 'no_value')
        and (
            made.state = 'no_value'
            or (
                indicators.kind = 'flow'
                and exists (
                    select 1
                    from main.hidden_indicators as hidden
                    where
                        hidden.indicator_id = targets.indicator_id
                        and hidden.scope = targets.scope
                        and hidden.month >= date_trunc('month', targets.start)
                        and hidden.month < (
                            select max(known.month)
                            from released.target_history as known
                            where known.target_id = made.target_id
                        )
                )
            )
        ) as withheld
    from released.arrivals as made
    inner join main.arrivals as main_made on made.target_id = main_made.target_id
    inner join main.targets on made.target_id = targets.target_id
    inner join main.indicators on targets.indicator_id = indicators.indicator_id
    where
        (targets.plan <> 'working' or getvariable('working'))
        and targets.scope is distinct from getvariable('own_unit')
)

select
    seen.* exclude (withheld)
    replace (
        case when seen.withheld then 'suppressed' else seen.state end as state,
        case when not seen.withheld then seen.observed_months end as observed_months,
        case when not seen.withheld then seen.p10 end as p10,
        case when not seen.withheld then seen.p50 end as p50,
        case when not seen.withheld then seen.p90 end as p90,
        case when not seen.withheld then seen.probability end as probability,
        case when seen.withheld then 'suppressed' else seen.outlook end as outlook,
        case when not seen.withheld then seen.baseline_probability end as baseline_probability,
        case when not seen.withheld then seen.forecast_to end as forecast_to,
        case when not seen.withheld then seen.model end as model
    )
from seen
union all by name
select made.*
from main.arrivals as made
inner join main.targets on made.target_id = targets.target_id
where
    (targets.plan <> 'working' or getvariable('working'))
    and targets.scope = getvariable('own_unit')
