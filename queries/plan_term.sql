-- One row: how much of the plan's term has passed.
-- $to_month: as at the end of this month (the newest without it).
-- as_at: the day up to which the data speak, the cut-off in a month still running, which counts
-- by its days. months_passed and time_share are held between nothing and the whole term.
with newest as (
    select max(month) as month
    from months
    where $to_month::date is null or month <= $to_month::date
),

passed as (
    select
        case
            when months.running then snapshot_info.cut_off
            else last_day(months.month)
        end as as_at,
        datediff('month', plan.plan_start, months.month)
        + case
            when months.running
                then
                    day(snapshot_info.cut_off)
                    / day(last_day(snapshot_info.cut_off))::double
            else 1
        end as months_passed
    from newest
    inner join months on newest.month = months.month
    cross join plan
    cross join snapshot_info
),

terms as (
    select
        plan_start,
        plan_end,
        datediff('month', plan_start, plan_end) + 1 as months_total
    from plan
)

select
    passed.as_at::date as as_at,
    terms.plan_start,
    terms.plan_end,
    case
        when passed.months_passed is not null
            then greatest(least(passed.months_passed, terms.months_total), 0)
    end::double as months_passed,
    terms.months_total::bigint as months_total,
    case
        when passed.months_passed is not null
            then
                greatest(least(passed.months_passed, terms.months_total), 0)
                / nullif(terms.months_total, 0)
    end::double as time_share
from terms
left join passed on true
order by terms.plan_start
