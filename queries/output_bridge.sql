-- One row per step from the accepted items of an earlier month to those of a month.
-- $to_month: the month (the newest of labeling without it); $against: period (the month before,
-- also without it) or year (the same month of the year before).
-- step: before and now are totals; missing (units that reported then and not now), entered (the
-- reverse), calendar (more or fewer working days at the earlier pace), pace (items on each
-- working day) are parts. amount: the total or the part; the parts add up to the difference.
-- starts_at, ends_at: where its column begins and ends. Without working days pace holds both;
-- without an earlier month there is only now.
with as_at as (
    select
        coalesce($to_month::date, max(month)) as this_month,
        (
            coalesce($to_month::date, max(month))
            - case when $against::varchar = 'year' then interval 1 year else interval 1 month end
        )::date as base_month
    from unit_months
),

accepted as (
    select
        month,
        unit_id,
        sum(accepted) as accepted
    from output_monthly
    group by month, unit_id
),

unit_values as (
    select
        unit_months.month,
        unit_months.unit_id,
        case
            when unit_months.reported and accepted.unit_id is null then 0
            else accepted.accepted
        end::double as accepted
    from unit_months
    left join accepted
        on unit_months.month = accepted.month and unit_months.unit_id = accepted.unit_id
),

pairs as (
    select
        now.accepted as now,
        before.accepted as before
    from unit_values as now
    inner join as_at on now.month = as_at.this_month
    left join unit_values as before
        on as_at.base_month = before.month and now.unit_id = before.unit_id
),

totals as (
    select
        sum(before) as before,
        sum(now) as now,
        coalesce(sum(before) filter (where now is null), 0) as missing,
        coalesce(sum(now) filter (where before is null), 0) as entered,
        sum(before) filter (where now is not null) as both_before,
        sum(now) filter (where before is not null) as both_now
    from pairs
),

days as (
    select
        this_days.working_days as this_days,
        base_days.working_days as base_days
    from as_at
    left join working_days as this_days on as_at.this_month = this_days.month
    left join working_days as base_days on as_at.base_month = base_days.month
),

parts as (
    select
        totals.*,
        coalesce(
            totals.both_before * (days.this_days - days.base_days) / nullif(days.base_days, 0), 0
        ) as calendar
    from totals
    cross join days
    where totals.now is not null
),

steps as (
    select
        named.sort,
        named.step,
        case named.step
            when 'before' then parts.before
            when 'missing' then -parts.missing
            when 'entered' then parts.entered
            when 'calendar' then parts.calendar
            when 'pace'
                then
                    coalesce(parts.both_now, 0)
                    - coalesce(parts.both_before, 0)
                    - parts.calendar
            else parts.now
        end as amount
    from parts
    cross join (
        values
        (1, 'before'), (2, 'missing'), (3, 'entered'), (4, 'calendar'), (5, 'pace'), (6, 'now')
    ) as named (sort, step)
    where parts.before is not null or named.step = 'now'
),

running as (
    select
        sort,
        step,
        amount,
        sum(amount) over (order by sort) as reached
    from steps
)

select
    step,
    amount::double as amount,
    case when step in ('before', 'now') then 0 else reached - amount end::double as starts_at,
    case when step = 'now' then amount else reached end::double as ends_at,
    sort::bigint as sort
from running
order by sort
