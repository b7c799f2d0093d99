-- One row per quarter and scope (city or a unit) that enterprises reported or that was released:
-- totals as released. suppressed: withheld, or not out yet.
with released as (
    select
        period as month,
        scope,
        max(value) filter (where measure = 'revenue') as revenue,
        max(value) filter (where measure = 'labeling_revenue') as labeling_revenue,
        max(value) filter (where measure = 'employees') as employees
    from main.released_values
    where family = 'enterprise_quarterly'
    group by period, scope
),

units_of as (
    select
        period as month,
        count(*)::bigint as units
    from main.release_states
    where family = 'enterprise_quarterly' and scope not in ('city', 'rest')
    group by period
)

select
    totals.* replace (
        case
            when released.scope is not null then states.contributors
            else totals.enterprises
        end as enterprises,
        case
            when released.scope = 'city' then units_of.units
            else totals.units_reported
        end as units_reported,
        released.revenue as revenue_10k_cny,
        released.labeling_revenue as labeling_revenue_10k_cny,
        round(released.employees)::bigint as employees,
        released.scope is null as suppressed
    )
from main.quarter_totals as totals
left join released on totals.month = released.month and totals.scope = released.scope
left join units_of on totals.month = units_of.month
left join main.release_states as states
    on
        states.family = 'enterprise_quarterly'
        and totals.month = states.period
        and totals.scope = states.scope
order by totals.quarter, totals.scope
