-- One row per quarter and scope; hidden units and hidden quarters of the city without figures.
with seen as (
    select
        totals.*,
        coalesce(totals.scope <> getvariable('own_unit'), true)
        and (
            exists (select 1 from main.hidden_units as hidden where hidden.unit_id = totals.scope)
            or exists (
                select 1
                from main.hidden_city as hidden
                where
                    totals.scope = 'city'
                    and hidden.family = 'enterprise_quarterly'
                    and hidden.month = totals.month
            )
        ) as withheld
    from main.quarter_totals as totals
)

select
    quarter,
    month,
    scope,
    enterprises,
    units_reported,
    case when not withheld then revenue_10k_cny end as revenue_10k_cny,
    case when not withheld then labeling_revenue_10k_cny end as labeling_revenue_10k_cny,
    case when not withheld then employees end as employees,
    withheld as suppressed
from seen
