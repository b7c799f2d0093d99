-- One row per indicator and month where the units do not add up to the city: a place with two
-- roles would be counted twice, or a unit left out.
with parts as (
    select * from parts_output
    union all by name
    select * from parts_workforce
    union all by name
    select * from parts_revenue
    union all by name
    select * from parts_enterprises
    union all by name
    select * from parts_datasets
),

additive as (
    select distinct indicator_id
    from parts
    where method = 'total'
),

compared as (
    select
        indicator_monthly.indicator_id,
        indicator_monthly.month,
        max(indicator_monthly.value) filter (where indicator_monthly.scope = 'city') as city,
        sum(indicator_monthly.value) filter (where indicator_monthly.scope <> 'city') as units
    from indicator_monthly
    inner join additive on indicator_monthly.indicator_id = additive.indicator_id
    where indicator_monthly.units_reported is not null
    group by indicator_monthly.indicator_id, indicator_monthly.month
)

select
    indicator_id,
    month,
    city,
    units
from compared
where abs(coalesce(city, 0) - coalesce(units, 0)) > 1e-9 * greatest(abs(city), 1)
order by indicator_id, month
