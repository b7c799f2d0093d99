-- One row: registered enterprises, and how many came and went this year so far.
-- $quarter: as at the end of this quarter (without it, or with the newest one, as at the newest
-- month); $unit_id: unit.
-- month: as at its end; entries, exits: from the first of January of that year; unregistered:
-- seen in returns only. units_reported of units_due have sent a registry; missing_units: ids of
-- the others, joined by |. NULL, not 0, where nobody sent one.
with newest as (
    select max(quarter) as quarter
    from enterprise_quarterly
),

as_at as (
    select
        case
            when $quarter::varchar is null or $quarter::varchar = any_value(newest.quarter)
                then (select month from opening_month)
            else
                max(enterprise_quarterly.month) filter (
                    where enterprise_quarterly.quarter = $quarter::varchar
                )
        end as month
    from newest
    left join enterprise_quarterly on true
),

due as (
    select unit_id
    from units
    where $unit_id::varchar is null or unit_id = $unit_id::varchar
),

registries as (
    select distinct unit_id
    from enterprises
    where registered
),

coverage as (
    select
        count(registries.unit_id)::bigint as units_reported,
        count(*)::bigint as units_due,
        string_agg(due.unit_id, '|' order by due.unit_id) filter (
            where registries.unit_id is null
        ) as missing_units
    from due
    left join registries on due.unit_id = registries.unit_id
),

standing as (
    select
        as_at.month,
        enterprises.origin,
        enterprises.registered,
        enterprises.registered
        and coalesce(enterprises.joined_on <= last_day(as_at.month), false)
        and coalesce(enterprises.left_on > last_day(as_at.month), true) as active,
        enterprises.joined_on
        between date_trunc('year', as_at.month) and last_day(as_at.month) as entered,
        enterprises.left_on
        between date_trunc('year', as_at.month) and last_day(as_at.month) as gone
    from enterprises
    cross join as_at
    where $unit_id::varchar is null or enterprises.unit_id = $unit_id::varchar
),

counted as (
    select
        count(*) filter (where registered) > 0 and any_value(month) is not null as known,
        count(*) filter (where active) as active,
        count(*) filter (where active and origin = 'attracted') as attracted,
        count(*) filter (where active and origin = 'grown') as grown,
        count(*) filter (where registered and entered) as entries,
        count(*) filter (where registered and gone) as exits,
        count(*) filter (where not registered) as unregistered
    from standing
)

select
    as_at.month,
    last_day(as_at.month) as as_of,
    case when counted.known then counted.active end::bigint as active,
    case when counted.known then counted.attracted end::bigint as attracted,
    case when counted.known then counted.grown end::bigint as grown,
    case when counted.known then counted.entries end::bigint as entries,
    case when counted.known then counted.exits end::bigint as exits,
    counted.unregistered::bigint as unregistered,
    coverage.units_reported,
    coverage.units_due,
    coverage.missing_units
from as_at
cross join counted
cross join coverage
order by as_at.month
