-- One row per indicator made of workforce returns, month and unit that reported.
-- hidden: an audience may not see it; the planner sees everything.
with workforce as (
    select
        month,
        unit_id,
        workstations,
        case when workstations_used is not null then workstations end as seats,
        case when workstations is not null then workstations_used end as seats_used,
        list_sum([full_time, part_time]) as workers,
        list_sum([certified_1, certified_2, certified_3, certified_4, certified_5])
            as certified
    from workforce_monthly
)

select
    workforce.month,
    workforce.unit_id,
    part.indicator_id,
    part.method,
    part.numerator::double as numerator,
    part.denominator::double as denominator,
    false as hidden
from workforce
cross join (
    values
    ('workers', 'total', workers::double, null::double),
    ('workstations', 'total', workstations, null),
    ('workstation_use', 'ratio', seats_used, seats),
    ('certified_annotators', 'total', certified, null)
) as part (indicator_id, method, numerator, denominator)
order by part.indicator_id, workforce.month, workforce.unit_id
