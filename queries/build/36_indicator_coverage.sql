-- One row per indicator, month and scope (city or a unit) for what must be counted once over
-- units: sectors of the plan with a dataset built, links with an active enterprise.
with sector_units as (
    select
        months.month,
        datasets.unit_id,
        case
            when sectors.in_plan and datasets.built_on <= last_day(months.month)
                then datasets.sector
        end as covered
    from months
    cross join datasets
    left join sectors on datasets.sector = sectors.sector
),

enterprise_links as (
    select
        unit_id,
        joined_on,
        left_on,
        unnest(string_split(links, '|')) as link
    from enterprises
    where registered
),

link_units as (
    select
        months.month,
        enterprise_links.unit_id,
        case
            when
                enterprise_links.joined_on <= last_day(months.month)
                and coalesce(enterprise_links.left_on > last_day(months.month), true)
                then links.link
        end as covered
    from months
    cross join enterprise_links
    left join links on enterprise_links.link = links.link
),

covered as (
    select
        'sectors_covered' as indicator_id,
        month,
        unit_id,
        covered
    from sector_units
    union all
    select
        'links_covered' as indicator_id,
        month,
        unit_id,
        covered
    from link_units
)

select
    indicator_id,
    month,
    coalesce(unit_id, 'city') as scope,
    count(distinct covered)::double as value,
    count(distinct unit_id)::bigint as units_reported
from covered
group by grouping sets ((indicator_id, month, unit_id), (indicator_id, month))
order by indicator_id, month, scope
