-- One row per indicator that labeling adds up over the year: its total since January.
-- $to_month: up to this month (the opening month without it); $indicator_id: only that one.
-- value: sum of the city's months since `since`; missing_units: ids, joined by |, of the units
-- without a value in one of them; units_in_value: units with a value in any of them, units_whole:
-- units that have every month whole. now_year, before_year: this year's and last year's total of
-- the same months over the year_units units that have every month of both whole.
-- status: M nothing reported, P a month is provisional or a unit is missing, A otherwise.
with as_at as (
    select coalesce($to_month::date, month) as month
    from opening_month
),

span as (
    select
        month,
        date_trunc('year', month)::date as since,
        month(month)::bigint as months_due
    from as_at
),

asked as (
    select
        indicator_id,
        sort
    from indicators
    where
        kind = 'flow'
        and source = 'labeling_daily'
        and ($indicator_id::varchar is null or indicator_id = $indicator_id::varchar)
),

counted as (
    select
        indicator_monthly.indicator_id,
        indicator_monthly.scope,
        sum(indicator_monthly.value) filter (where indicator_monthly.month >= span.since)
            as now,
        count(indicator_monthly.value) filter (where indicator_monthly.month >= span.since)
            as months_now,
        sum(indicator_monthly.value) filter (where indicator_monthly.month < span.since)
            as before,
        count(indicator_monthly.value) filter (where indicator_monthly.month < span.since)
            as months_before,
        count(indicator_monthly.value) filter (
            where indicator_monthly.month >= span.since
            and coalesce(unit_months.whole, indicator_monthly.scope = 'city')
        ) as whole_now,
        count(indicator_monthly.value) filter (
            where indicator_monthly.month < span.since
            and coalesce(unit_months.whole, indicator_monthly.scope = 'city')
        ) as whole_before,
        bool_or(indicator_monthly.status = 'P') as provisional
    from indicator_monthly
    cross join span
    left join unit_months
        on
            indicator_monthly.month = unit_months.month
            and indicator_monthly.scope = unit_months.unit_id
    where
        indicator_monthly.month >= span.since - interval 1 year
        and indicator_monthly.month <= span.month
        and month(indicator_monthly.month) <= span.months_due
    group by indicator_monthly.indicator_id, indicator_monthly.scope
),

due as (
    select count(*) as units
    from units
),

by_unit as (
    select
        counted.indicator_id,
        count(*) filter (where counted.months_now = span.months_due) as units_reported,
        count(*) filter (where counted.whole_now = span.months_due) as units_whole,
        count(*) filter (where counted.months_now > 0) as units_in_value,
        string_agg(
            case when counted.months_now < span.months_due then counted.scope end, '|'
            order by counted.scope
        ) as missing_units,
        count(*) filter (
            where counted.whole_now = span.months_due
            and counted.whole_before = span.months_due
        ) as year_units,
        sum(counted.now) filter (
            where counted.whole_now = span.months_due
            and counted.whole_before = span.months_due
        ) as now_year,
        sum(counted.before) filter (
            where counted.whole_now = span.months_due
            and counted.whole_before = span.months_due
        ) as before_year
    from counted
    cross join span
    inner join units on counted.scope = units.unit_id
    group by counted.indicator_id
)

select
    asked.indicator_id,
    span.since,
    span.month,
    city.now::double as value,
    coalesce(by_unit.units_reported, 0)::bigint as units_reported,
    coalesce(by_unit.units_whole, 0)::bigint as units_whole,
    coalesce(by_unit.units_in_value, 0)::bigint as units_in_value,
    due.units::bigint as units_due,
    by_unit.missing_units,
    by_unit.now_year::double as now_year,
    by_unit.before_year::double as before_year,
    coalesce(by_unit.year_units, 0)::bigint as year_units,
    case
        when city.now is null then 'M'
        when city.provisional or by_unit.units_whole < due.units then 'P'
        else 'A'
    end as status
from asked
cross join span
cross join due
left join counted as city on asked.indicator_id = city.indicator_id and city.scope = 'city'
left join by_unit on asked.indicator_id = by_unit.indicator_id
order by asked.sort, asked.indicator_id
