-- One row per indicator, scope and month; hidden and confidential ones without value, status C.
with seen as (
    select
        series.*,
        coalesce(series.scope <> getvariable('own_unit'), true)
        and (
            series.status = 'C'
            or exists (
                select 1
                from main.hidden_indicators as hidden
                where
                    hidden.indicator_id = series.indicator_id
                    and hidden.scope = series.scope
                    and hidden.month = series.month
            )
        ) as withheld
    from main.indicator_monthly as series
)

select
    indicator_id,
    scope,
    month,
    case when not withheld then value end as value,
    case when withheld then 'C' else status end as status,
    units_reported,
    units_due
from seen
