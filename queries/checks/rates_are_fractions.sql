-- One row per ratio outside 0 to 1, growth below -1, or number that is not finite.
select
    indicator_monthly.indicator_id,
    indicator_monthly.scope,
    indicator_monthly.month,
    indicator_monthly.value
from indicator_monthly
inner join indicators on indicator_monthly.indicator_id = indicators.indicator_id
where
    not isfinite(indicator_monthly.value)
    or (indicators.kind = 'ratio' and indicator_monthly.value not between 0 and 1)
    or (indicators.kind = 'growth' and indicator_monthly.value < -1)
order by indicator_monthly.indicator_id, indicator_monthly.scope, indicator_monthly.month
