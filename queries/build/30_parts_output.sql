-- One row per indicator made of labeling returns, month and unit that reported.
-- method: total adds numerators over units, ratio divides their sum by that of denominators.
-- whole: the unit has every working day of the month (period_coverage).
with output as (
    select
        output_monthly.month,
        output_monthly.unit_id,
        sum(output_monthly.items) as items,
        sum(output_monthly.accepted) as accepted,
        sum(output_monthly.accepted_first_pass) as first_pass,
        sum(output_monthly.reviewed_with_accepted) as reviewed,
        sum(output_monthly.reviewed_with_first_pass) as first_reviewed,
        sum(output_monthly.gold_correct) as gold_correct,
        sum(output_monthly.gold_items_with_correct) as gold_items,
        sum(output_monthly.volume_gb::decimal(38, 9)) as volume_gb,
        bool_or(list_contains(string_split(units.roles, '|'), 'data_factory')) as factory
    from output_monthly
    inner join units on output_monthly.unit_id = units.unit_id
    group by output_monthly.month, output_monthly.unit_id
)

select
    output.month,
    output.unit_id,
    part.indicator_id,
    part.method,
    part.numerator::double as numerator,
    part.denominator::double as denominator,
    unit_months.whole
from output
inner join unit_months
    on output.month = unit_months.month and output.unit_id = unit_months.unit_id
cross join (
    values
    ('items_annotated', 'total', items::double, null::double),
    ('items_accepted', 'total', accepted, null),
    ('annotated_volume', 'total', volume_gb::double / 1000, null),
    ('acceptance_rate', 'ratio', accepted, reviewed),
    ('first_pass_rate', 'ratio', first_pass, first_reviewed),
    ('rework_rate', 'ratio', first_reviewed - first_pass, first_reviewed),
    ('gold_accuracy', 'ratio', gold_correct, gold_items),
    ('units_in_operation', 'total', (items > 0)::integer, null),
    ('data_factory_in_operation', 'total', (factory and items > 0)::integer, null)
) as part (indicator_id, method, numerator, denominator)
order by part.indicator_id, output.month, output.unit_id
