-- Parts of indicators: hidden units without numbers.
with seen as (
    select
        parts.*,
        parts.indicator_id in (
            select protected.indicator_id from main.protected_indicators as protected
        )
        and parts.unit_id is distinct from getvariable('own_unit')
        and parts.unit_id in (select hidden.unit_id from main.hidden_units as hidden) as withheld
    from main.parts_revenue as parts
)

select
    seen.* exclude (withheld) replace (
        case when not withheld then numerator end as numerator,
        case when not withheld then denominator end as denominator,
        withheld as hidden
    )
from seen
