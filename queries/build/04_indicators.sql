-- One row per indicator with its definition.
select
    indicator_id,
    name_zh,
    name_en,
    unit_zh,
    unit_en,
    kind,
    better,
    definition_zh,
    definition_en,
    query,
    source,
    owner,
    reviewer,
    next_review::date as next_review,
    sort::bigint as sort
from plan_indicators
order by sort, indicator_id
