-- One row per part of an indicator, month and unit; trade values of own datasets only.
with seen as (
    select
        parts.*,
        parts.indicator_id in (
            select protected_indicators.indicator_id from main.protected_indicators
        )
        and coalesce(parts.unit_id <> getvariable('own_unit'), true)
            as withheld
    from main.parts_datasets as parts
)

select
    seen.month,
    seen.unit_id,
    seen.indicator_id,
    seen.method,
    case when not seen.withheld then seen.numerator end as numerator,
    case when not seen.withheld then seen.denominator end as denominator,
    seen.withheld as hidden
from seen
