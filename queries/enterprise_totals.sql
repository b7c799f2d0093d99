-- One row per quarter that any enterprise reported: totals of the chosen units, and how they
-- changed.
-- $quarter: quarter; $unit_id: unit.
-- yoy_* compares like with like, against the same quarter last year: only units with returns for
-- both quarters are in it. yoy_units how many such units, yoy_revenue and yoy_employees what they
-- report, *_before what they had reported. month: the quarter's last month. missing_units: ids of
-- the units without any return for the quarter, joined by |. Totals are NULL where none of the
-- chosen units reported, or where the reader may not see them (suppressed).
with quarters as (
    select
        quarter,
        month
    from quarter_totals
    where scope = 'city'
),

by_unit as (
    select *
    from quarter_totals
    where scope <> 'city' and ($unit_id::varchar is null or scope = $unit_id::varchar)
),

totals as (
    select *
    from quarter_totals
    where scope = coalesce($unit_id::varchar, 'city')
),

sums as (
    select
        now.quarter,
        count(*)::bigint as units,
        bool_or(now.suppressed or before.suppressed) as suppressed,
        sum(now.revenue_10k_cny::decimal(38, 9))::double as revenue,
        sum(before.revenue_10k_cny::decimal(38, 9))::double as revenue_before,
        sum(now.employees)::bigint as employees,
        sum(before.employees)::bigint as employees_before,
        any_value(before.quarter) as quarter_before
    from by_unit as now
    inner join by_unit as before
        on
            now.scope = before.scope
            and before.month = (now.month - interval 1 year)::date
    group by now.quarter
),

-- Where a unit's part is withheld, the totals speak if they are over the very same units.
pairs as (
    select
        sums.quarter,
        sums.units,
        case
            when not sums.suppressed then sums.revenue
            when
                sums.units = totals.units_reported
                and sums.units = before.units_reported
                then totals.revenue_10k_cny
        end as revenue,
        case
            when not sums.suppressed then sums.revenue_before
            when
                sums.units = totals.units_reported
                and sums.units = before.units_reported
                then before.revenue_10k_cny
        end as revenue_before,
        case
            when not sums.suppressed then sums.employees
            when
                sums.units = totals.units_reported
                and sums.units = before.units_reported
                then totals.employees
        end as employees,
        case
            when not sums.suppressed then sums.employees_before
            when
                sums.units = totals.units_reported
                and sums.units = before.units_reported
                then before.employees
        end as employees_before
    from sums
    inner join totals on sums.quarter = totals.quarter
    inner join totals as before on sums.quarter_before = before.quarter
),

coverage as (
    select
        quarters.quarter,
        count(*)::bigint as units_due,
        string_agg(units.unit_id, '|' order by units.unit_id) filter (
            where by_unit.scope is null
        ) as missing_units
    from quarters
    cross join units
    left join by_unit
        on quarters.quarter = by_unit.quarter and units.unit_id = by_unit.scope
    where $unit_id::varchar is null or units.unit_id = $unit_id::varchar
    group by quarters.quarter
)

select
    quarters.quarter,
    quarters.month,
    last_day(quarters.month) as as_of,
    totals.enterprises,
    totals.revenue_10k_cny,
    totals.labeling_revenue_10k_cny,
    totals.employees,
    coalesce(totals.suppressed, false) as suppressed,
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
