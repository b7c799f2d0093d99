-- One row per month of the data, with how many units reported it.
-- whole_units: units that have every working day of it. running: no unit has the newest month
-- whole yet, or its end has not come; last_day: newest day with labeling. provisional: figures
-- may still change. opening: the month that pages, documents and commands open with.
with reports as (
    select
        month,
        count(*) filter (where reported)::bigint as reported_units,
        count(*) filter (where whole)::bigint as whole_units,
        count(*)::bigint as due_units,
        max(last_day) as last_day
    from unit_months
    group by month
),

runs as (
    select distinct month
    from period_coverage
    where kind = 'labeling_daily' and status = 'running'
)

select
    months.month,
    reports.reported_units,
    reports.whole_units,
    reports.due_units,
    reports.last_day,
    runs.month is not null as running,
    months.provisional,
    months.month = opening_month.month as opening
from months
cross join opening_month
left join reports on months.month = reports.month
left join runs on months.month = runs.month
order by months.month
