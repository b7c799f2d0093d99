-- One row per quarter, dimension (origin, size) and group: what the enterprises of the group
-- report, and how that changed.
-- $quarter: quarter; $unit_id: unit; $dimension: origin or size.
-- Groups of origin: attracted, grown, unregistered; of size, by the employees of the quarter
-- and the bands of plan.toml: smallest, small, medium, large, unknown; withheld is the only size
-- of a quarter in which the reader may not see the employees of all. suppressed: a group has
-- figures that the reader may not see, so its sums are NULL. employees_from and
-- employees_to are the bounds of a band, both included. yoy_*: over units that reported both
-- quarters, each enterprise in the group where it stands this quarter (one that left: where it
-- stood).
with quarterly as (
    select
        enterprise_quarterly.quarter,
        enterprise_quarterly.month,
        enterprise_quarterly.unit_id,
        enterprise_quarterly.enterprise_id,
        enterprise_quarterly.revenue_10k_cny::decimal(38, 9) as revenue,
        enterprise_quarterly.labeling_revenue_10k_cny::decimal(38, 9) as labeling,
        enterprise_quarterly.employees,
        enterprise_quarterly.suppressed,
        case when enterprises.registered then enterprises.origin else 'unregistered' end
            as origin,
        case
            when enterprise_quarterly.employees is null then 'unknown'
            when enterprise_quarterly.employees < plan.size_small then 'smallest'
            when enterprise_quarterly.employees < plan.size_medium then 'small'
            when enterprise_quarterly.employees < plan.size_large then 'medium'
            else 'large'
        end as size
    from enterprise_quarterly
    cross join plan
    left join enterprises on enterprise_quarterly.enterprise_id = enterprises.enterprise_id
    where $unit_id::varchar is null or enterprise_quarterly.unit_id = $unit_id::varchar
),

unit_quarters as (
    select distinct
        unit_id,
        month
    from quarterly
),

pairs as (
    select
        now.unit_id,
        now.month
    from unit_quarters as now
    inner join unit_quarters as before
        on
            now.unit_id = before.unit_id
            and before.month = (now.month - interval 1 year)::date
),

-- This quarter's rows with their year before, and last year's rows without a successor.
both_years as (
    select
        now.quarter,
        now.unit_id,
        now.month,
        now.origin,
        now.size,
        now.enterprise_id,
        now.revenue,
        now.labeling,
        now.employees,
        true as present,
        now.suppressed or coalesce(before.suppressed, false) as suppressed,
        before.revenue as revenue_before
    from quarterly as now
    left join quarterly as before
        on
            now.enterprise_id = before.enterprise_id
            and now.unit_id = before.unit_id
            and before.month = (now.month - interval 1 year)::date
    union all
    select
        year(pairs.month)::varchar || 'Q' || quarter(pairs.month)::varchar as quarter,
        gone.unit_id,
        pairs.month,
        gone.origin,
        gone.size,
        gone.enterprise_id,
        null as revenue,
        null as labeling,
        null as employees,
        false as present,
        gone.suppressed,
        gone.revenue as revenue_before
    from pairs
    inner join quarterly as gone
        on
            pairs.unit_id = gone.unit_id
            and gone.month = (pairs.month - interval 1 year)::date
    anti join quarterly as now
        on
            gone.enterprise_id = now.enterprise_id
            and gone.unit_id = now.unit_id
            and pairs.month = now.month
),

-- The sizes of some would stand for the sizes of all.
sized as (
    select
        both_years.* exclude (size),
        case
            when bool_or(both_years.suppressed) over (partition by both_years.quarter)
                then 'withheld'
            else both_years.size
        end as size
    from both_years
),

grouped as (
    select
        sized.*,
        part.dimension,
        part.place,
        part.member,
        pairs.unit_id is not null as comparable
    from sized
    cross join (
        values
        ('origin', 1, 'attracted'),
        ('origin', 2, 'grown'),
        ('origin', 3, 'unregistered'),
        ('size', 1, 'smallest'),
        ('size', 2, 'small'),
        ('size', 3, 'medium'),
        ('size', 4, 'large'),
        ('size', 5, 'unknown'),
        ('size', 6, 'withheld')
    ) as part (dimension, place, member)
    left join pairs
        on sized.unit_id = pairs.unit_id and sized.month = pairs.month
    where
        (part.dimension = 'origin' and sized.origin = part.member)
        or (part.dimension = 'size' and sized.size = part.member)
)

select
    grouped.quarter,
    grouped.dimension,
    grouped.member,
    case grouped.member
        when 'smallest' then 0
        when 'small' then plan.size_small
        when 'medium' then plan.size_medium
        when 'large' then plan.size_large
    end::bigint as employees_from,
    case grouped.member
        when 'smallest' then plan.size_small - 1
        when 'small' then plan.size_medium - 1
        when 'medium' then plan.size_large - 1
    end::bigint as employees_to,
    count(distinct grouped.enterprise_id) filter (where grouped.present)::bigint as enterprises,
    bool_or(grouped.suppressed) as suppressed,
    case when not bool_or(grouped.suppressed) then sum(grouped.employees) end::bigint
        as employees,
    case when not bool_or(grouped.suppressed) then sum(grouped.revenue) end::double
        as revenue_10k_cny,
    case when not bool_or(grouped.suppressed) then sum(grouped.labeling) end::double
        as labeling_revenue_10k_cny,
    case
        when not bool_or(grouped.suppressed)
            then sum(grouped.revenue) filter (where grouped.comparable)
    end::double as yoy_revenue,
    case
        when not bool_or(grouped.suppressed)
            then sum(grouped.revenue_before) filter (where grouped.comparable)
    end::double as yoy_revenue_before
from grouped
cross join plan
where
    ($quarter::varchar is null or grouped.quarter = $quarter::varchar)
    and ($dimension::varchar is null or grouped.dimension = $dimension::varchar)
group by
    grouped.quarter,
    grouped.dimension,
    grouped.place,
    grouped.member,
    plan.size_small,
    plan.size_medium,
    plan.size_large
order by grouped.quarter, grouped.dimension, grouped.place
