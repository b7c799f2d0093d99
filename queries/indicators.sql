-- One row per indicator of the plan with its definition and who answers for it.
select
    indicator_id,
    name_zh,
    name_en,
    unit_zh,
    unit_en,
    kind,
    aggregation,
    better,
    definition_zh,
    definition_en,
    query,
    source,
    owner,
    reviewer,
    next_review
from indicators
order by sort, indicator_id
