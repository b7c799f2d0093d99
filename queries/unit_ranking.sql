-- One row per unit of the plan: output of a month, its change per working day, its quality.
-- $to_month: the month (the newest of labeling without it); $against: period (the month before,
-- also without it) or year (the same month of the year before).
-- share: of the items of all units that reported. per_day: accepted items on each working day
-- that the unit covered (period_coverage); per_day_change: against that of the month compared
-- with, NULL unless the unit has both months whole. days_late: of the
-- oldest return of the month that is still missing. place: 1 for most accepted items; NULL
-- without a value.
with as_at as (
    select
        coalesce($to_month::date, max(month)) as this_month,
        (
            coalesce($to_month::date, max(month))
            - case when $against::varchar = 'year' then interval 1 year else interval 1 month end
        )::date as base_month
    from unit_months
),

output as (
    select
        month,
        unit_id,
        sum(accepted) as accepted,
        sum(accepted) / nullif(sum(reviewed_with_accepted), 0)::double as acceptance_rate
    from output_monthly
    group by month, unit_id
),

unit_values as (
    select
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        unit_months.whole,
        unit_months.days_covered,
        output.acceptance_rate,
        case
            when unit_months.reported and output.unit_id is null then 0
            else output.accepted
        end as accepted
    from unit_months
    left join output
        on unit_months.month = output.month and unit_months.unit_id = output.unit_id
),

overdue as (
    select
        return_ledger.unit_id,
        max(return_ledger.days_late) as days_late,
        count(*) as missing_returns
    from return_ledger
    inner join as_at on return_ledger.month = as_at.this_month
    where return_ledger.status = 'missing'
    group by return_ledger.unit_id
),

compared as (
    select
        units.unit_id,
        now.accepted,
        now.status,
        now.acceptance_rate,
        (now.accepted / nullif(now.days_covered, 0))::double as per_day,
        case
            when now.whole and before.whole
                then before.accepted / nullif(before.days_covered, 0)
        end::double as per_day_before
    from units
    cross join as_at
    left join unit_values as now
        on units.unit_id = now.unit_id and as_at.this_month = now.month
    left join unit_values as before
        on units.unit_id = before.unit_id and as_at.base_month = before.month
)

select
    as_at.this_month as month,
    as_at.base_month,
    compared.unit_id,
    compared.accepted::bigint as accepted,
    (compared.accepted / nullif(sum(compared.accepted) over (), 0))::double as share,
    compared.per_day,
    (compared.per_day / nullif(compared.per_day_before, 0) - 1)::double as per_day_change,
    compared.acceptance_rate,
    coalesce(overdue.missing_returns, 0)::bigint as missing_returns,
    overdue.days_late::bigint as days_late,
    case
        when compared.accepted is not null
            then rank() over (order by compared.accepted desc nulls last)
    end::bigint as place,
    coalesce(compared.status, 'M') as status
from compared
cross join as_at
left join overdue on compared.unit_id = overdue.unit_id
order by place asc nulls last, compared.unit_id asc
