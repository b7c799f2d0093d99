-- One row per quarter and scope (city or a unit) that enterprises reported: their totals.
-- suppressed: what an audience may not see; the planner sees everything.
select
    quarter,
    month,
    coalesce(unit_id, 'city') as scope,
    count(distinct enterprise_id)::bigint as enterprises,
    count(distinct unit_id)::bigint as units_reported,
    sum(revenue_10k_cny::decimal(38, 9))::double as revenue_10k_cny,
    sum(labeling_revenue_10k_cny::decimal(38, 9))::double as labeling_revenue_10k_cny,
    sum(employees)::bigint as employees,
    false as suppressed
from enterprise_quarterly
group by grouping sets ((quarter, month, unit_id), (quarter, month))
order by quarter, scope
