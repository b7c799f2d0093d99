-- One row per part of an indicator, month and unit; released numbers of shown units.
select
    parts.* replace (
        case when protected.indicator_id is null then parts.numerator else released.value end
            as numerator,
        case when protected.indicator_id is null then parts.denominator end as denominator,
        protected.indicator_id is not null and released.value is null as hidden
    )
from main.parts_workforce as parts
left join main.protected_indicators as protected on parts.indicator_id = protected.indicator_id
left join main.released_values as released
    on
        released.family = 'workforce_monthly'
        and parts.indicator_id = released.measure
        and parts.month = released.period
        and parts.unit_id = released.scope
