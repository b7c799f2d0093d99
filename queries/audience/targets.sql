-- One row per target; working ones for whoever may see them.
select
    targets.target_id,
    targets.indicator_id,
    targets.scope,
    targets.operator,
    targets.value,
    targets.baseline,
    targets.baseline_on,
    targets.start,
    targets.due,
    targets.plan,
    targets.sentence_zh,
    targets.sentence_en,
    targets.source,
    targets.lead_office,
    targets.supporting_offices,
    targets.sort
from main.targets
where targets.plan <> 'working' or getvariable('working')
