-- One row per part of an indicator, month and unit; released numbers of shown units.
select
    parts.* replace (
        case when protected.indicator_id is null then parts.numerator else released.value end
            as numerator,
        case when protected.indicator_id is null then parts.denominator end as denominator,
        protected.indicator_id is not null and released.value is null as hidden
    )
from main.parts_revenue as parts
left join main.protected_indicators as protected on parts.indicator_id = protected.indicator_id
left join main.released_values as released
    on
        released.family = 'enterprise_quarterly'
        and released.measure = 'labeling_revenue'
        and parts.indicator_id in ('labeling_revenue', 'labeling_revenue_growth')
        and parts.month = released.period
        and parts.unit_id = released.scope
