-- One row per month of the data, with how many units reported it.
-- running: the month is not over in the data; provisional: figures may still change.
with reports as (
    select
        month,
        count(*) filter (where reported)::bigint as reported_units,
        count(*)::bigint as due_units
    from unit_months
    group by month
)

select
    months.month,
    reports.reported_units,
    reports.due_units,
    months.running,
    months.provisional
from months
left join reports on months.month = reports.month
order by months.month
