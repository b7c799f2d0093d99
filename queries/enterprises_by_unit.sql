-- One row per unit of the plan: its enterprises.
-- $to_month: as at the end of this month (the opening month without it).
-- active registered ones by origin, those with labeling among their links and with a
-- recognition; unregistered: seen in returns only. NULL, not 0, without a registry.
with as_at as (
    select last_day(coalesce($to_month::date, month)) as day
    from opening_month
),

counted as (
    select
        enterprises.unit_id,
        count(*) filter (where enterprises.registered) as registered,
        count(*) filter (where not enterprises.registered) as unregistered,
        count(*) filter (where active) as active,
        count(*) filter (where active and enterprises.origin = 'attracted') as attracted,
        count(*) filter (where active and enterprises.origin = 'grown') as grown,
        count(*) filter (
            where active and list_contains(string_split(enterprises.links, '|'), 'labeling')
        ) as labeling,
        count(*) filter (where active and trim(enterprises.recognition) <> '')
            as recognised
    from (
        select
            enterprises.*,
            enterprises.registered
            and coalesce(enterprises.joined_on <= as_at.day, false)
            and coalesce(enterprises.left_on > as_at.day, true) as active
        from enterprises
        cross join as_at
    ) as enterprises
    group by enterprises.unit_id
)

select
    units.unit_id,
    case when counted.registered > 0 then counted.active end::bigint as active,
    case when counted.registered > 0 then counted.attracted end::bigint as attracted,
    case when counted.registered > 0 then counted.grown end::bigint as grown,
    case when counted.registered > 0 then counted.labeling end::bigint as labeling,
    case when counted.registered > 0 then counted.recognised end::bigint as recognised,
    coalesce(counted.unregistered, 0)::bigint as unregistered
from units
left join counted on units.unit_id = counted.unit_id
order by units.unit_id
