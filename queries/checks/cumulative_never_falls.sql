-- One row per computed cumulative indicator and month where the city's value is below an earlier
-- one. A value that an office sent may fall: that is a question to the office, no fault of ours.
with known as (
    select
        indicator_monthly.indicator_id,
        indicator_monthly.month,
        indicator_monthly.value,
        max(indicator_monthly.value) over (
            partition by indicator_monthly.indicator_id
            order by indicator_monthly.month
        ) as highest
    from indicator_monthly
    inner join indicators on indicator_monthly.indicator_id = indicators.indicator_id
    where
        indicators.kind = 'cumulative'
        and indicator_monthly.scope = 'city'
        and indicator_monthly.units_reported is not null
)

select
    indicator_id,
    month,
    value,
    highest
from known
where value < highest
order by indicator_id, month
