-- One row per unit: its part in the change of accepted items from the month before; the parts
-- add up to the change of the city total.
-- $to_month: the month (the newest of the data without it); $modality: modality.
-- reason: change (known in both months), not_reported (this month missing: the fall is not
-- a fall of output), newly_reported (the month before missing), neither.
with chosen as (
    select coalesce(date_trunc('month', $to_month::date)::date, max(month)) as month
    from unit_months
),

as_at as (
    select
        month as this_month,
        (month - interval 1 month)::date as month_before
    from chosen
),

accepted as (
    select
        month,
        unit_id,
        sum(accepted) as accepted
    from output_monthly
    where $modality::varchar is null or modality = $modality::varchar
    group by month, unit_id
),

unit_values as (
    select
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        case
            when unit_months.reported and accepted.unit_id is null then 0
            else accepted.accepted
        end as accepted
    from unit_months
    left join accepted
        on
            unit_months.month = accepted.month
            and unit_months.unit_id = accepted.unit_id
),

compared as (
    select
        as_at.this_month as month,
        units.unit_id,
        now.accepted,
        before.accepted as accepted_before,
        coalesce(now.accepted, 0) - coalesce(before.accepted, 0) as change,
        case
            when now.accepted is not null and before.accepted is not null then 'change'
            when before.accepted is not null then 'not_reported'
            when now.accepted is not null then 'newly_reported'
            else 'neither'
        end as reason,
        coalesce(now.status, 'M') as status
    from as_at
    cross join units
    left join unit_values as now
        on units.unit_id = now.unit_id and as_at.this_month = now.month
    left join unit_values as before
        on units.unit_id = before.unit_id and as_at.month_before = before.month
)

select
    month,
    unit_id,
    accepted::bigint as accepted,
    accepted_before::bigint as accepted_before,
    change::bigint as change,
    (sum(change) over ())::bigint as city_change,
    (sum(accepted) over ())::bigint as city_accepted,
    (sum(accepted_before) over ())::bigint as city_accepted_before,
    (change / nullif(sum(change) over (), 0)::double)::double as share_of_change,
    reason,
    status
from compared
order by abs(change) desc, unit_id asc
