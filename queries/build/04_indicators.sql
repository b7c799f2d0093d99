-- One row per indicator with its definition. countable: whole things are counted, no measure of
-- money, size or share.
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
    next_review::date as next_review,
    kind not in ('ratio', 'growth')
    and unit_zh not in ('%', '万元', '亿元', '元', 'GB', 'TB', 'PB', '小时', '分钟') as countable,
    sort::bigint as sort
from plan_indicators
order by sort, indicator_id
