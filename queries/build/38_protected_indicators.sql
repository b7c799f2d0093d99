-- One row per indicator that counts money or people, with the family of returns that decides
-- what of it may be seen; family unknown: nobody can say who is in it, so only the planner does.
select
    indicator_id,
    kind,
    case
        when source in ('enterprise_quarterly', 'workforce_monthly', 'datasets') then source
        else 'unknown'
    end as family
from indicators
where
    regexp_matches(unit_zh, '元|人')
    or regexp_matches(unit_en, '(?i)cny|yuan|people|person|worker|employee')
    or contains(source, 'enterprise_quarterly') and kind <> 'ratio'
    or source = 'enterprise_quarterly'
order by indicator_id
