-- One row per quarter that any enterprise reported: totals of the chosen units, and how they
-- changed.
-- $quarter: quarter; $unit_id: unit.
-- yoy_* compares like with like, against the same quarter last year: only units with returns for
-- both quarters are in it. yoy_units how many such units, yoy_revenue and yoy_employees what they
-- report, *_before what they had reported. month: the quarter's last month. missing_units: ids of
-- the units without any return for the quarter, joined by |. Totals are NULL where none of the
-- chosen units reported.
with quarters as (
    select distinct
        quarter,
        month
    from enterprise_quarterly
),

by_unit as (
    select
        quarter,
        month,
        unit_id,
        count(distinct enterprise_id)::bigint as enterprises,
        sum(revenue_10k_cny::decimal(38, 9)) as revenue,
        sum(labeling_revenue_10k_cny::decimal(38, 9)) as labeling,
        sum(employees)::bigint as employees
    from enterprise_quarterly
    where $unit_id::varchar is null or unit_id = $unit_id::varchar
    group by quarter, month, unit_id
),

totals as (
    select
        quarter,
        sum(enterprises)::bigint as enterprises,
        sum(revenue)::double as revenue,
        sum(labeling)::double as labeling,
        sum(employees)::bigint as employees,
        count(*)::bigint as units_reported
    from by_unit
    group by quarter
),

pairs as (
    select
        now.quarter,
        count(*)::bigint as units,
        sum(now.revenue)::double as revenue,
        sum(before.revenue)::double as revenue_before,
        sum(now.employees)::bigint as employees,
        sum(before.employees)::bigint as employees_before
    from by_unit as now
    inner join by_unit as before
        on
            now.unit_id = before.unit_id
            and before.month = (now.month - interval 1 year)::date
    group by now.quarter
),

coverage as (
    select
        quarters.quarter,
        count(*)::bigint as units_due,
        string_agg(units.unit_id, '|' order by units.unit_id) filter (
            where by_unit.unit_id is null
        ) as missing_units
    from quarters
    cross join units
    left join by_unit
        on quarters.quarter = by_unit.quarter and units.unit_id = by_unit.unit_id
    where $unit_id::varchar is null or units.unit_id = $unit_id::varchar
    group by quarters.quarter
)

select
    quarters.quarter,
    quarters.month,
    last_day(quarters.month) as as_of,
    totals.enterprises,
    totals.revenue as revenue_10k_cny,
    totals.labeling as labeling_revenue_10k_cny,
    totals.employees,
    coalesce(pairs.units, 0)::bigint as yoy_units,
    pairs.revenue as yoy_revenue,
    pairs.revenue_before as yoy_revenue_before,
    pairs.employees as yoy_employees,
    pairs.employees_before as yoy_employees_before,
    coalesce(totals.units_reported, 0)::bigint as units_reported,
    coverage.units_due,
    coverage.missing_units
from quarters
left join totals on quarters.quarter = totals.quarter
left join pairs on quarters.quarter = pairs.quarter
left join coverage on quarters.quarter = coverage.quarter
where $quarter::varchar is null or quarters.quarter = $quarter::varchar
order by quarters.quarter
