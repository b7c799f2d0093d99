-- One row per part of an indicator, month and unit; hidden units without numbers.
with seen as (
    select
        parts.*,
        parts.indicator_id in (
            select protected_indicators.indicator_id from main.protected_indicators
        )
        and coalesce(parts.unit_id <> getvariable('own_unit'), true)
        and parts.unit_id in (select hidden_units.unit_id from main.hidden_units)
            as withheld
    from main.parts_workforce as parts
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
