-- One row per target. An empty value means that the plan states no number.
select
    target_id,
    indicator_id,
    scope,
    operator,
    value::double as value,
    baseline::double as baseline,
    baseline_on::date as baseline_on,
    start::date as start,
    due::date as due,
    plan,
    sentence_zh,
    sentence_en,
    source,
    lead_office,
    supporting_offices,
    sort::bigint as sort
from plan_targets
order by sort, target_id
