-- One row per month, from the first to the last of labeling, and unit of the plan, whether or
-- not the unit reported.
-- version: 1 for the first return, one more for each upload that a later one replaced in part
-- or whole (files that complete each other are one version). whole, days_*: period_coverage of
-- labeling_daily. status: M not reported, P provisional or not whole, A otherwise.
with reported as (
    select
        date_trunc('month', date)::date as month,
        unit_id,
        count(distinct date)::bigint as reported_days
    from output_daily
    group by date_trunc('month', date), unit_id
),

received as (
    select
        unit_id,
        period as month,
        1 + count(*) filter (where rows_in_force < rows) as version,
        max(received_on) as received_on
    from returns
    where kind = 'labeling_daily'
    group by unit_id, period
)

select
    months.month,
    units.unit_id,
    reported.reported_days is not null as reported,
    coalesce(period_coverage.whole, false) as whole,
    reported.reported_days,
    period_coverage.days_due,
    period_coverage.days_covered,
    period_coverage.first_day,
    period_coverage.last_day,
    received.version::bigint as version,
    received.received_on,
    case
        when reported.reported_days is null then 'M'
        when months.provisional or not period_coverage.whole then 'P'
        else 'A'
    end as status
from months
cross join units
left join period_coverage
    on
        months.month = period_coverage.month
        and units.unit_id = period_coverage.unit_id
        and period_coverage.kind = 'labeling_daily'
left join reported
    on months.month = reported.month and units.unit_id = reported.unit_id
left join received
    on months.month = received.month and units.unit_id = received.unit_id
where months.in_output
order by months.month, units.unit_id
