-- One row per indicator, scope and month: money and headcount as they were released, everything
-- else as it is. status C: withheld; W: waits for what is due; growth is taken between the
-- released figures of the same units.
with measured as (
    select
        protected.indicator_id,
        protected.family,
        protected.kind = 'growth' as growing,
        case
            when protected.family = 'workforce_monthly' then protected.indicator_id
            when protected.indicator_id in ('labeling_revenue', 'labeling_revenue_growth')
                then 'labeling_revenue'
            when protected.indicator_id = 'dataset_trade_value' then 'trade_value'
        end as measure
    from main.protected_indicators as protected
),

units_of as (
    select
        family,
        period,
        count(*)::bigint as units,
        string_agg(scope, '|' order by scope) as names
    from main.release_states
    where scope not in ('city', 'rest')
    group by family, period
),

compared as (
    select
        series.*,
        measured.indicator_id is not null as protected,
        states.state,
        units_of.units,
        case
            when not measured.growing then now.value
            when
                before.value > 0
                and (series.scope <> 'city' or units_of.names = units_before.names)
                then now.value / before.value - 1
        end as released
    from main.indicator_monthly as series
    left join measured on series.indicator_id = measured.indicator_id
    left join main.released_values as now
        on
            measured.family = now.family
            and measured.measure = now.measure
            and series.scope = now.scope
            and series.month = now.period
    left join main.released_values as before
        on
            measured.growing
            and measured.family = before.family
            and measured.measure = before.measure
            and series.scope = before.scope
            and series.month = (before.period + interval 1 year)::date
    left join main.release_states as states
        on
            measured.family = states.family
            and series.scope = states.scope
            and series.month = states.period
    left join units_of
        on measured.family = units_of.family and series.month = units_of.period
    left join units_of as units_before
        on
            measured.growing
            and measured.family = units_before.family
            and series.month = (units_before.period + interval 1 year)::date
)

select
    compared.* exclude (compared.protected, compared.state, compared.units, compared.released)
    replace (
        case
            when compared.protected then compared.released
            when compared.status <> 'C' then compared.value
        end::double as value,
        case
            when not compared.protected then compared.status
            when compared.released is not null and compared.status = 'M' then 'A'
            when compared.released is not null then compared.status
            when compared.state = 'waiting' then 'W'
            when compared.state in ('primary', 'merged', 'never') or compared.value is not null
                then 'C'
            else compared.status
        end as status,
        case
            when compared.protected and compared.released is not null and compared.scope = 'city'
                then coalesce(compared.units, compared.units_reported)
            else compared.units_reported
        end as units_reported
    )
from compared
