-- One row per quarter and enterprise that reported it or the same quarter last year: its part
-- in the growth of the city's revenue.
-- $quarter: quarter; $unit_id: unit (of the rows; the city's total stays whole).
-- Only units with returns for both quarters are in it, as in enterprise_totals. movement:
-- continuing, entered (no return last year), left (no return now), unknown (a return without
-- revenue). contribution: change ÷ the city's revenue last year, so that all of a quarter add
-- up to its growth; NULL where last year is zero or unknown. Money per cell:
-- revenue_10k_cny, revenue_before_10k_cny, change_10k_cny (one contributor each).
with quarterly as (
    select
        quarter,
        month,
        unit_id,
        enterprise_id,
        revenue_10k_cny::decimal(38, 9) as revenue
    from enterprise_quarterly
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
        end as change,
        sum(revenue_before) over (partition by quarter) as city_before
    from joined
)

select
    changed.quarter,
    changed.enterprise_id,
    changed.unit_id,
    enterprises.name_zh,
    enterprises.name_en,
    enterprises.origin,
    changed.movement,
    changed.revenue::double as revenue_10k_cny,
    changed.revenue_before::double as revenue_before_10k_cny,
    changed.change::double as change_10k_cny,
    changed.change::double
    / case when changed.city_before > 0 then changed.city_before end::double as contribution
from changed
left join enterprises on changed.enterprise_id = enterprises.enterprise_id
where
    ($quarter::varchar is null or changed.quarter = $quarter::varchar)
    and ($unit_id::varchar is null or changed.unit_id = $unit_id::varchar)
order by
    changed.quarter asc,
    changed.change desc nulls last,
    changed.enterprise_id asc,
    changed.unit_id asc
