-- One row per indicator made of quarterly returns, last month of the quarter and unit.
-- method growth: the total against that of the same quarter last year.
-- hidden: an audience may not see it; the planner sees everything.
with revenue as (
    select
        month,
        unit_id,
        sum(labeling_revenue_10k_cny::decimal(38, 9))::double as labeling
    from enterprise_quarterly
    group by month, unit_id
)

select
    revenue.month,
    revenue.unit_id,
    part.indicator_id,
    part.method,
    revenue.labeling as numerator,
    null::double as denominator,
    false as hidden
from revenue
cross join (
    values
    ('labeling_revenue', 'total'),
    ('labeling_revenue_growth', 'growth')
) as part (indicator_id, method)
order by part.indicator_id, revenue.month, revenue.unit_id
