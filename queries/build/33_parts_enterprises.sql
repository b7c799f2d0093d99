-- One row per indicator made of the enterprise registry, month and unit with a registry.
-- An enterprise counts from the month it joined to the month before it left.
with enterprise_months as (
    select
        months.month,
        enterprises.unit_id,
        enterprises.links,
        enterprises.recognition,
        coalesce(enterprises.joined_on <= last_day(months.month), false)
        and coalesce(enterprises.left_on > last_day(months.month), true) as active
    from months
    cross join enterprises
    where enterprises.registered
),

registry as (
    select
        month,
        unit_id,
        count(*) filter (
            where active and list_contains(string_split(links, '|'), 'labeling')
        ) as labeling,
        count(*) filter (where active and trim(recognition) <> '') as benchmark
    from enterprise_months
    group by month, unit_id
)

select
    registry.month,
    registry.unit_id,
    part.indicator_id,
    'total' as method,
    part.numerator::double as numerator,
    null::double as denominator
from registry
cross join (
    values
    ('labeling_enterprises', labeling),
    ('benchmark_enterprises', benchmark)
) as part (indicator_id, numerator)
order by part.indicator_id, registry.month, registry.unit_id
