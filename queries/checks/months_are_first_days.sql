-- One row per month that is not the first day of a month.
with used as (
    select
        'months' as name,
        month
    from months
    union all
    select
        'output_monthly' as name,
        month
    from output_monthly
    union all
    select
        'unit_months' as name,
        month
    from unit_months
    union all
    select
        'indicator_monthly' as name,
        month
    from indicator_monthly
    union all
    select
        'workforce_monthly' as name,
        month
    from workforce_monthly
    union all
    select
        'return_ledger' as name,
        month
    from return_ledger
)

select distinct
    name,
    month
from used
where month is null or day(month) <> 1
order by name, month
