-- One row per thing that a reader may look for by name or code: units, indicators, targets,
-- datasets and registered enterprises.
-- kind: unit, indicator, target, dataset, enterprise; code joins; more: other words to find it by
-- (a unit's focus, a target's plan and sentence); unit_id: whose it is, NULL where nobody's.
select
    'unit' as kind,
    unit_id as code,
    name_zh,
    name_en,
    concat_ws(' ', focus_zh, focus_en) as more,
    unit_id
from units
union all
select
    'indicator' as kind,
    indicator_id as code,
    name_zh,
    name_en,
    '' as more,
    null as unit_id
from indicators
union all
select
    'target' as kind,
    targets.target_id as code,
    indicators.name_zh,
    indicators.name_en,
    concat_ws(' ', targets.plan, targets.sentence_zh, targets.sentence_en) as more,
    null as unit_id
from targets
inner join indicators on targets.indicator_id = indicators.indicator_id
union all
select
    'dataset' as kind,
    dataset_id as code,
    title_zh as name_zh,
    coalesce(title_en, title_zh) as name_en,
    '' as more,
    unit_id
from datasets
union all
select
    'enterprise' as kind,
    enterprise_id as code,
    name_zh,
    coalesce(name_en, name_zh) as name_en,
    '' as more,
    unit_id
from enterprises
where registered and name_zh is not null
order by kind, code
