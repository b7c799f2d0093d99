-- Parts of indicators: trade values of own datasets only.
with seen as (
    select
        parts.*,
        parts.indicator_id in (
            select protected.indicator_id from main.protected_indicators as protected
        )
        and parts.unit_id is distinct from getvariable('own_unit') as withheld
    from main.parts_datasets as parts
)

select
    seen.* exclude (withheld) replace (
        case when not withheld then numerator end as numerator,
        case when not withheld then denominator end as denominator,
        withheld as hidden
    )
from seen
