-- One row per unit in the data that the plan does not have.
with used as (
    select
        'output_monthly' as name,
        unit_id
    from output_monthly
    union all
    select
        'output_daily' as name,
        unit_id
    from output_daily
    union all
    select
        'enterprises' as name,
        unit_id
    from enterprises
    union all
    select
        'enterprise_quarterly' as name,
        unit_id
    from enterprise_quarterly
    union all
    select
        'datasets' as name,
        unit_id
    from datasets
    union all
    select
        'workforce_monthly' as name,
        unit_id
    from workforce_monthly
    union all
    select
        'indicator_values' as name,
        scope as unit_id
    from indicator_values
    where scope <> 'city'
)

select
    used.name,
    used.unit_id,
    count(*) as times
from used
anti join units on used.unit_id = units.unit_id
group by used.name, used.unit_id
order by used.name, used.unit_id
