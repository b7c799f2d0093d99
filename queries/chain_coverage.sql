-- One row per unit of the plan and link of the chain: active registered enterprises.
-- $to_month: as at the end of this month (the opening month without it); $unit_id: unit.
-- NULL, not 0, for a unit that has sent no registry.
with as_at as (
    select last_day(coalesce($to_month::date, month)) as day
    from opening_month
),

registered as (
    select
        enterprises.*,
        coalesce(enterprises.joined_on <= as_at.day, false)
        and coalesce(enterprises.left_on > as_at.day, true) as active
    from enterprises
    cross join as_at
    where enterprises.registered
),

registries as (
    select distinct unit_id
    from registered
),

covered as (
    select
        unit_id,
        enterprise_id,
        unnest(string_split(links, '|')) as link
    from registered
    where active
),

counted as (
    select
        unit_id,
        link,
        count(distinct enterprise_id) as enterprises
    from covered
    group by unit_id, link
)

select
    units.unit_id,
    links.link,
    links.name_zh as link_zh,
    links.name_en as link_en,
    case when registries.unit_id is not null then coalesce(counted.enterprises, 0) end::bigint
        as enterprises
from units
cross join links
left join registries on units.unit_id = registries.unit_id
left join counted on units.unit_id = counted.unit_id and links.link = counted.link
where $unit_id::varchar is null or units.unit_id = $unit_id::varchar
order by units.unit_id, links.sort, links.link
