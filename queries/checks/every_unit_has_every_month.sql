-- One row per month and unit without a row in unit_months, or with rows that contradict it.
with expected as (
    select
        months.month,
        units.unit_id
    from months
    cross join units
    where months.in_output
),

output as (
    select distinct
        month,
        unit_id
    from output_monthly
)

select
    expected.month,
    expected.unit_id,
    unit_months.status
from expected
left join unit_months
    on expected.month = unit_months.month and expected.unit_id = unit_months.unit_id
left join output
    on expected.month = output.month and expected.unit_id = output.unit_id
where
    unit_months.unit_id is null
    or unit_months.reported <> (output.unit_id is not null)
    or (unit_months.status = 'M') <> (output.unit_id is null)
order by expected.month, expected.unit_id
