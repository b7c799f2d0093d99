-- One row per enterprise: the registry, then those that only labeling or quarterly returns
-- name (registered = false, without a name), since registries arrive late. Such an
-- enterprise stands with the unit of its newest return. suppressed: an audience may not see its
-- figures; the planner sees everything.
with registered as (
    select
        enterprise_id,
        name_zh,
        name_en,
        unit_id,
        founded_on,
        joined_on,
        left_on,
        origin,
        links,
        recognition,
        upload_id,
        source_row
    from fact_enterprises
),

seen as (
    select
        enterprise_id,
        unit_id,
        month
    from output_monthly
    union all
    select
        enterprise_id,
        unit_id,
        month
    from enterprise_quarterly
),

unregistered as (
    select
        seen.enterprise_id,
        max_by(seen.unit_id, (seen.month, seen.unit_id)) as unit_id
    from seen
    anti join registered on seen.enterprise_id = registered.enterprise_id
    group by seen.enterprise_id
),

everyone as (
    select
        *,
        true as registered
    from registered
    union all by name
    select
        enterprise_id,
        unit_id,
        false as registered
    from unregistered
)

select
    enterprise_id,
    name_zh,
    name_en,
    unit_id,
    founded_on,
    joined_on,
    left_on,
    origin,
    links,
    recognition,
    registered,
    false as suppressed,
    upload_id,
    source_row
from everyone
order by enterprise_id
