-- One row per unit of the plan: one indicator in one month, with where the unit lies.
-- $indicator_id: indicator (items_accepted without it); $to_month: the month (the newest of the
-- data without it).
-- reported: whether the unit's returns for it are in; value is NULL with status M where they are
-- not, and NULL with reported = true where they hold nothing to divide by. whole: false where
-- the unit sent only part of the month, so that its value ranks with no other. The best value
-- stands first: the lowest where lower is better.
with wanted as (
    select
        coalesce($indicator_id::varchar, 'items_accepted') as indicator_id,
        coalesce($to_month::date, month) as month
    from opening_month
)

select
    units.unit_id,
    units.name_zh,
    units.name_en,
    wanted.indicator_id,
    wanted.month,
    series.value,
    coalesce(series.units_reported > 0 or series.value is not null, false) as reported,
    coalesce(series.status, 'M') as status,
    coalesce(parts_output.whole, true) as whole,
    units.kind,
    units.named_in,
    units.location_basis,
    units.lon,
    units.lat
from units
cross join wanted
left join indicators on wanted.indicator_id = indicators.indicator_id
left join indicator_monthly as series
    on
        units.unit_id = series.scope
        and wanted.indicator_id = series.indicator_id
        and wanted.month = series.month
left join parts_output
    on
        units.unit_id = parts_output.unit_id
        and wanted.indicator_id = parts_output.indicator_id
        and wanted.month = parts_output.month
order by
    case when indicators.better = 'down' then -series.value else series.value end desc nulls last,
    units.unit_id asc
