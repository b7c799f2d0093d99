-- One row per unit and modality that was labelled in the quarter: its location quotient.
-- $quarter: quarter (the newest of labeling without it); $unit_id: unit; $modality: modality.
-- location_quotient: the modality's share of the unit's items ÷ its share of the city's; above 1
-- the unit is specialised in it. It is taken over items of labeling, not over employment of all
-- industries, which no return carries. NULL for a unit that reported nothing. Items are work:
-- no money, no headcount.
with labelled as (
    select
        year(month)::varchar || 'Q' || quarter(month)::varchar as quarter,
        unit_id,
        modality,
        items
    from output_monthly
),

chosen as (
    select coalesce($quarter::varchar, max(quarter)) as quarter
    from labelled
),

items as (
    select
        labelled.quarter,
        labelled.unit_id,
        labelled.modality,
        sum(labelled.items)::bigint as items
    from labelled
    inner join chosen on labelled.quarter = chosen.quarter
    group by labelled.quarter, labelled.unit_id, labelled.modality
),

of_modality as (
    select
        quarter,
        modality,
        sum(items)::bigint as items
    from items
    group by quarter, modality
),

of_unit as (
    select
        unit_id,
        sum(items)::bigint as items
    from items
    group by unit_id
),

of_city as (
    select sum(items)::bigint as items
    from items
)

select
    of_modality.quarter,
    units.unit_id,
    of_modality.modality,
    case when of_unit.items is not null then coalesce(items.items, 0) end::bigint as items,
    of_unit.items as unit_items,
    of_modality.items as modality_items,
    of_city.items as city_items,
    case when of_unit.items is not null then coalesce(items.items, 0) end::double
    / nullif(of_unit.items, 0)
    / nullif(of_modality.items / nullif(of_city.items, 0)::double, 0) as location_quotient
from units
cross join of_modality
cross join of_city
left join of_unit on units.unit_id = of_unit.unit_id
left join items
    on units.unit_id = items.unit_id and of_modality.modality = items.modality
where
    ($unit_id::varchar is null or units.unit_id = $unit_id::varchar)
    and ($modality::varchar is null or of_modality.modality = $modality::varchar)
order by units.unit_id, of_modality.modality
