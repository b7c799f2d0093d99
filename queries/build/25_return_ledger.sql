-- One row per month, unit and kind with a due date, from the plan's start or the first month
-- of the data, whichever is later, to the newest return that is due or has come.
-- A quarterly return stands in the last month of its quarter. days_late: of the first version
-- against due_on; for a missing return so far. status: missing, revised (more than one
-- version), late, on_time.
with range_of_months as (
    select
        greatest(
            (select min(month) from months),
            date_trunc('month', plan.plan_start)::date
        ) as first_month,
        greatest(
            (select max(month) from months),
            date_trunc('month', snapshot_info.today)::date
        ) as last_month
    from plan
    cross join snapshot_info
),

ledger_months as (
    select unnest(generate_series(first_month, last_month, interval 1 month))::date as month
    from range_of_months
),

due as (
    select
        ledger_months.month,
        plan_calendar.kind,
        (
            ledger_months.month
            + interval 1 month
            + (plan_calendar.due_day - 1) * interval 1 day
        )::date as due_on
    from ledger_months
    cross join plan_calendar
    where
        plan_calendar.frequency = 'monthly'
        or (
            plan_calendar.frequency = 'quarterly'
            and month(ledger_months.month) % 3 = 0
        )
),

received as (
    select
        kind,
        unit_id,
        case
            when kind = 'enterprise_quarterly'
                then (period + interval 2 month)::date
            else period
        end as month,
        1 + count(*) filter (where rows_in_force < rows) as version,
        min(received_on) as first_received_on,
        max(received_on) as received_at
    from returns
    group by kind, unit_id, period
),

ledger as (
    select
        due.month,
        units.unit_id,
        due.kind,
        due.due_on,
        received.first_received_on,
        received.received_at,
        received.version,
        snapshot_info.today
    from due
    cross join units
    cross join snapshot_info
    left join received
        on
            due.kind = received.kind
            and due.month = received.month
            and units.unit_id = received.unit_id
    where received.received_at is not null or due.due_on <= snapshot_info.today
)

select
    month,
    unit_id,
    kind,
    due_on,
    first_received_on,
    received_at,
    version::bigint as version,
    greatest(
        datediff('day', due_on, coalesce(first_received_on, today)), 0
    )::bigint as days_late,
    case
        when received_at is null then 'missing'
        when version > 1 then 'revised'
        when first_received_on > due_on then 'late'
        else 'on_time'
    end as status
from ledger
order by month, unit_id, kind
