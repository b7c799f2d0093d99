-- One row per unit: its part in the change of accepted items, compared like with like.
-- $to_month: the month (the opening month without it); $against: period (the month before,
-- also without it) or year (the same month of the year before); $modality: modality.
-- change is NULL, not a fall, where a unit did not report both months whole; over the others it
-- adds up to city_change = city_accepted - city_accepted_before. reason: change (whole in both
-- months), not_whole (a part of one is missing), not_reported (this month missing),
-- newly_reported (the earlier one missing), neither. share_of_change: NULL where units moved in
-- both directions.
with as_at as (
    select
        coalesce($to_month::date, month) as this_month,
        (
            coalesce($to_month::date, month)
            - case when $against::varchar = 'year' then interval 1 year else interval 1 month end
        )::date as base_month
    from opening_month
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
        unit_months.whole,
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
        as_at.base_month,
        units.unit_id,
        now.accepted,
        before.accepted as accepted_before,
        case when now.whole and before.whole then now.accepted - before.accepted end as change,
        case
            when now.whole and before.whole and now.accepted is not null then 'change'
            when now.accepted is not null and before.accepted is not null then 'not_whole'
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
        on units.unit_id = before.unit_id and as_at.base_month = before.month
)

select
    month,
    base_month,
    unit_id,
    accepted::bigint as accepted,
    accepted_before::bigint as accepted_before,
    change::bigint as change,
    (sum(accepted) filter (where reason = 'change') over ())::bigint as city_accepted,
    (sum(accepted_before) filter (where reason = 'change') over ())::bigint
        as city_accepted_before,
    (sum(change) over ())::bigint as city_change,
    case
        when min(change) over () >= 0 or max(change) over () <= 0
            then change / nullif(sum(change) over (), 0)::double
    end::double as share_of_change,
    (count(change) over ())::bigint as units_compared,
    (count(*) over ())::bigint as units_due,
    reason,
    status
from compared
order by abs(change) desc nulls last, unit_id asc
