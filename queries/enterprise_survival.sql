-- One row per year in which enterprises joined (cohort) and span of months since (6, 12, 18, 24,
-- 36): how many of those that can be watched for so long were still there.
-- $to_month: as at the end of this month (the opening month without it); $unit_id: unit;
-- $origin: attracted or grown.
-- joined: registered enterprises of the cohort; observed: those that joined so many months ago
-- or more; survived: those among them that had not left by then. survival_share is NULL while
-- nobody has been there for so long. All are counts of enterprises: no money, no headcount.
with as_at as (
    select last_day(coalesce($to_month::date, month)) as day
    from opening_month
),

registered as (
    select
        year(enterprises.joined_on)::varchar as cohort,
        enterprises.joined_on,
        enterprises.left_on,
        as_at.day
    from enterprises
    cross join as_at
    where
        enterprises.registered
        and enterprises.joined_on <= as_at.day
        and ($unit_id::varchar is null or enterprises.unit_id = $unit_id::varchar)
        and ($origin::varchar is null or enterprises.origin = $origin::varchar)
),

watched as (
    select
        registered.cohort,
        span.months,
        (registered.joined_on + to_months(span.months))::date <= registered.day as observed,
        coalesce(
            registered.left_on > (registered.joined_on + to_months(span.months))::date, true
        ) as there
    from registered
    cross join (values (6), (12), (18), (24), (36)) as span (months)
),

counted as (
    select
        cohort,
        months,
        count(*) as joined,
        count(*) filter (where observed) as observed,
        count(*) filter (where observed and there) as survived
    from watched
    group by cohort, months
)

select
    cohort,
    months::bigint as months,
    joined::bigint as joined,
    observed::bigint as observed,
    survived::bigint as survived,
    survived / nullif(observed, 0)::double as survival_share
from counted
order by cohort, months
