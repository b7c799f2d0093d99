-- One row per indicator, scope and month whose value is withheld from others than the planner
-- and, for a unit, the unit itself. What an office sent as a whole and what nobody can say who
-- is in are always withheld. A growth rate leaves out who is new or late: where that is a hidden
-- unit, the rate and the totals would give it away.
select
    series.indicator_id,
    series.scope,
    series.month
from indicator_monthly as series
inner join protected_indicators as protected on series.indicator_id = protected.indicator_id
where
    protected.family = 'unknown'
    or (series.value is not null and series.units_reported is null)
    or (series.scope <> 'city' and protected.family = 'datasets')
    or series.scope in (select hidden_units.unit_id from hidden_units)
    or (
        series.scope = 'city'
        and protected.kind = 'growth'
        and exists (
            select 1
            from enterprise_quarterly as one
            inner join hidden_units on one.unit_id = hidden_units.unit_id
            where
                one.month in (series.month, (series.month - interval 1 year)::date)
                and not exists (
                    select 1
                    from enterprise_quarterly as other
                    where
                        one.unit_id = other.unit_id
                        and other.month
                        = case
                            when one.month = series.month
                                then (series.month - interval 1 year)::date
                            else series.month
                        end
                )
        )
    )
    or (
        series.scope = 'city'
        and exists (
            select 1
            from hidden_city
            where
                hidden_city.family = protected.family
                and (
                    hidden_city.month = series.month
                    or (
                        protected.kind = 'growth'
                        and hidden_city.month = (series.month - interval 1 year)::date
                    )
                )
        )
    )
order by series.indicator_id, series.scope, series.month
