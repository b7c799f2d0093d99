-- One row per indicator, scope and month whose value others than the planner and, for a unit,
-- the unit itself do not have: withheld, or not released yet.
select
    series.indicator_id,
    series.scope,
    series.month
from indicator_monthly as series
inner join released.indicator_monthly as released
    on
        series.indicator_id = released.indicator_id
        and series.scope = released.scope
        and series.month = released.month
where released.value is null and (series.value is not null or released.status in ('C', 'W'))
order by series.indicator_id, series.scope, series.month
