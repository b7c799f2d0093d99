-- One row per measure: what the data factory (the One) holds of the city.
-- $to_month: as at the end of this month (the opening month without it).
-- measure: items (labelled this year so far), datasets_built, hq_datasets, dataset_volume (TB),
-- models_served, labeling_enterprises, workers. share: factory ÷ city, NULL where either is
-- unknown. The factory stands in a unit and is counted once, with that unit: all of the unit is
-- taken for the factory, since returns do not part the two. units_reported of units_due are in
-- the city's value. A plan without a data factory has no rows.
with as_at as (
    select coalesce(date_trunc('month', $to_month::date)::date, month) as month
    from opening_month
),

factory as (
    select unit_id
    from units
    where list_contains(string_split(roles, '|'), 'data_factory')
),

measured as (
    select
        part.measure,
        part.place,
        indicator_monthly.scope,
        indicator_monthly.value::decimal(38, 9) as value,
        indicator_monthly.units_reported,
        indicator_monthly.units_due,
        indicator_monthly.month = as_at.month as newest
    from (
        values
        ('items', 1, 'items_annotated'),
        ('datasets_built', 2, 'datasets_built'),
        ('hq_datasets', 3, 'hq_datasets'),
        ('dataset_volume', 4, 'dataset_volume'),
        ('models_served', 5, 'models_served'),
        ('labeling_enterprises', 6, 'labeling_enterprises'),
        ('workers', 7, 'workers')
    ) as part (measure, place, indicator_id)
    cross join as_at
    left join indicator_monthly
        on
            part.indicator_id = indicator_monthly.indicator_id
            and (
                as_at.month = indicator_monthly.month
                or (
                    part.measure = 'items'
                    and indicator_monthly.month
                    between date_trunc('year', as_at.month) and as_at.month
                )
            )
)

select
    measured.measure,
    as_at.month,
    sum(measured.value) filter (where factory.unit_id is not null)::double as factory,
    sum(measured.value) filter (where measured.scope = 'city')::double as city,
    sum(measured.value) filter (where factory.unit_id is not null)::double
    / nullif(sum(measured.value) filter (where measured.scope = 'city'), 0)::double as share,
    max(measured.units_reported) filter (
        where measured.scope = 'city' and measured.newest
    )::bigint as units_reported,
    max(measured.units_due) filter (where measured.scope = 'city' and measured.newest)::bigint
        as units_due
from measured
cross join as_at
left join factory on measured.scope = factory.unit_id
where exists (select carrier.unit_id from factory as carrier)
group by measured.measure, measured.place, as_at.month
order by measured.place
