-- One row per quarter and enterprise that reported it or the same quarter last year: its part
-- in the growth of the city's revenue.
-- $quarter: quarter; $unit_id: unit (of the rows; the city's total stays whole).
-- Only units with returns for both quarters are in it, as in enterprise_totals. movement:
-- continuing, entered (no return last year), left (no return now), unknown (a return without
-- revenue), NULL where suppressed. contribution: change ÷ the city's revenue last year, so that
-- all of a quarter add up to city_growth; NULL where last year is zero or unknown. suppressed:
-- the reader may not see this enterprise's figures; the city's are known where it may see those.
with quarterly as (
    select
        quarter,
        month,
        unit_id,
        enterprise_id,
        suppressed,
        revenue_10k_cny::decimal(38, 9) as revenue
    from enterprise_quarterly
),

by_unit as (
    select *
    from quarter_totals
    where scope <> 'city'
),

city as (
    select *
    from quarter_totals
    where scope = 'city'
),

sums as (
    select
        now.quarter,
        now.month,
        count(*)::bigint as units,
        bool_or(now.suppressed or before.suppressed) as suppressed,
        sum(now.revenue_10k_cny::decimal(38, 9)) as revenue,
        sum(before.revenue_10k_cny::decimal(38, 9)) as revenue_before
    from by_unit as now
    inner join by_unit as before
        on
            now.scope = before.scope
            and before.month = (now.month - interval 1 year)::date
    group by now.quarter, now.month
),

-- Where a unit's part is withheld, the city's totals speak if they are over the very same units.
totals as (
    select
        sums.quarter,
        case
            when not sums.suppressed then sums.revenue
            when
                sums.units = now.units_reported
                and sums.units = before.units_reported
                then now.revenue_10k_cny::decimal(38, 9)
        end as revenue,
        case
            when not sums.suppressed then sums.revenue_before
            when
                sums.units = now.units_reported
                and sums.units = before.units_reported
                then before.revenue_10k_cny::decimal(38, 9)
        end as revenue_before
    from sums
    inner join city as now on sums.month = now.month
    inner join city as before
        on before.month = (sums.month - interval 1 year)::date
),

pairs as (
    select distinct
        now.quarter,
        now.unit_id,
        now.month,
        (now.month - interval 1 year)::date as year_before
    from quarterly as now
    inner join quarterly as before
        on
            now.unit_id = before.unit_id
            and before.month = (now.month - interval 1 year)::date
),

present as (
    select
        pairs.quarter,
        pairs.unit_id,
        now.enterprise_id,
        now.revenue,
        now.suppressed,
        true as here
    from pairs
    inner join quarterly as now
        on pairs.unit_id = now.unit_id and pairs.month = now.month
),

past as (
    select
        pairs.quarter,
        pairs.unit_id,
        before.enterprise_id,
        before.revenue,
        before.suppressed,
        true as here
    from pairs
    inner join quarterly as before
        on pairs.unit_id = before.unit_id and pairs.year_before = before.month
),

joined as (
    select
        coalesce(present.quarter, past.quarter) as quarter,
        coalesce(present.unit_id, past.unit_id) as unit_id,
        coalesce(present.enterprise_id, past.enterprise_id) as enterprise_id,
        present.revenue,
        past.revenue as revenue_before,
        coalesce(present.suppressed or past.suppressed, present.suppressed, past.suppressed)
            as suppressed,
        case
            when past.here is null and present.revenue is not null then 'entered'
            when present.here is null and past.revenue is not null then 'left'
            when present.revenue is not null and past.revenue is not null then 'continuing'
            else 'unknown'
        end as movement
    from present
    full join past
        on
            present.quarter = past.quarter
            and present.unit_id = past.unit_id
            and present.enterprise_id = past.enterprise_id
),

changed as (
    select
        *,
        case when movement <> 'unknown' then coalesce(revenue, 0) - coalesce(revenue_before, 0)
        end as change
    from joined
)

select
    changed.quarter,
    changed.enterprise_id,
    changed.unit_id,
    enterprises.name_zh,
    enterprises.name_en,
    enterprises.origin,
    case when not changed.suppressed then changed.movement end as movement,
    changed.revenue::double as revenue_10k_cny,
    changed.revenue_before::double as revenue_before_10k_cny,
    changed.change::double as change_10k_cny,
    changed.change::double
    / case when totals.revenue_before > 0 then totals.revenue_before end::double as contribution,
    (totals.revenue - totals.revenue_before)::double
    / case when totals.revenue_before > 0 then totals.revenue_before end::double as city_growth,
    changed.suppressed
from changed
left join totals on changed.quarter = totals.quarter
left join enterprises on changed.enterprise_id = enterprises.enterprise_id
where
    ($quarter::varchar is null or changed.quarter = $quarter::varchar)
    and ($unit_id::varchar is null or changed.unit_id = $unit_id::varchar)
order by
    changed.quarter asc,
    changed.change desc nulls last,
    changed.enterprise_id asc,
    changed.unit_id asc
