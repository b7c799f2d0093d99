-- One row per month from the first to the last month of the data.
-- running: the month that the newest labeling date stands in, unless that date is on or after
-- its last weekday; provisional: running, or among the plan's newest provisional_months.
-- in_output: from the first to the last month of labeling (every month without any).
-- Monthly and quarterly returns set the range; without any, values and registries do; exports
-- of which none tells a day leave the month in which the snapshot was made.
with periodic as (
    select date_trunc('month', date)::date as month from output_daily
    union all
    select month from workforce_monthly
    union all
    select month from enterprise_quarterly
),

dated as (
    select month from indicator_values
    union all
    select date_trunc('month', unnest([built_on, registered_on, traded_on]))::date
    from datasets
    union all
    select date_trunc('month', unnest([joined_on, left_on]))::date
    from enterprises
),

undated as (
    select date_trunc('month', today)::date as month
    from snapshot_info
    where exists (select 1 from uploads)
),

ranges as (
    select
        coalesce(
            (select min(month) from periodic),
            (select min(month) from dated),
            (select month from undated)
        ) as first_month,
        coalesce(
            (select max(month) from periodic),
            (select max(month) from dated),
            (select month from undated)
        ) as last_month
),

months as (
    select
        last_month,
        unnest(generate_series(first_month, last_month, interval 1 month))::date as month
    from ranges
),

marked as (
    select
        months.month,
        months.last_month,
        coalesce(
            months.month = date_trunc('month', snapshot_info.cut_off)
            and snapshot_info.cut_off
            < last_day(months.month)
            - greatest(isodow(last_day(months.month)) - 5, 0)::integer,
            false
        ) as running
    from months
    cross join snapshot_info
)

select
    marked.month,
    marked.running,
    marked.running
    or datediff('month', marked.month, marked.last_month) < plan.provisional_months
        as provisional,
    coalesce(
        marked.month between (select min(date_trunc('month', date)) from output_daily)
        and snapshot_info.cut_off,
        true
    ) as in_output
from marked
cross join plan
cross join snapshot_info
order by marked.month
