-- One row per enterprise and quarter that it reported.
-- $quarter: quarter; $unit_id: unit; $enterprise_id: enterprise.
-- yoy: revenue against the same quarter last year; base_state says why it is NULL: missing,
-- zero, negative (ok otherwise). high_growth: qualifies = more than 20% a year over three
-- years in revenue or employees, with 10 employees or more at the start (OECD-Eurostat);
-- on_pace = yoy above 20% with 10 employees or more a year before; too_early = no comparison
-- with last year yet; no. suppressed: the reader may not see
-- this enterprise's figures; they and what follows from them are NULL.
with reported as (
    select
        *,
        (month - interval 1 year)::date as year_before,
        (month - interval 3 year)::date as three_years_before
    from enterprise_quarterly
),

compared as (
    select
        now.enterprise_id,
        now.quarter,
        now.month,
        now.unit_id,
        now.revenue_10k_cny,
        now.labeling_revenue_10k_cny,
        now.employees,
        now.annotators,
        now.suppressed,
        last_year.revenue_10k_cny as base,
        last_year.employees as base_employees,
        case
            when last_year.revenue_10k_cny > 0
                then now.revenue_10k_cny / last_year.revenue_10k_cny - 1
        end as yoy,
        start.employees >= 10
        and (
            (
                start.revenue_10k_cny > 0
                and now.revenue_10k_cny > 1.728 * start.revenue_10k_cny
            )
            or now.employees > 1.728 * start.employees
        ) as grew_three_years
    from reported as now
    left join enterprise_quarterly as last_year
        on
            now.enterprise_id = last_year.enterprise_id
            and now.year_before = last_year.month
    left join enterprise_quarterly as start
        on
            now.enterprise_id = start.enterprise_id
            and now.three_years_before = start.month
)

select
    compared.enterprise_id,
    compared.quarter,
    compared.month,
    compared.unit_id,
    enterprises.name_zh,
    enterprises.name_en,
    enterprises.registered,
    enterprises.origin,
    enterprises.recognition,
    compared.revenue_10k_cny::double as revenue_10k_cny,
    compared.labeling_revenue_10k_cny::double as labeling_revenue_10k_cny,
    compared.yoy::double as yoy,
    case
        when compared.suppressed then null
        when compared.base is null then 'missing'
        when compared.base = 0 then 'zero'
        when compared.base < 0 then 'negative'
        else 'ok'
    end as base_state,
    compared.employees::bigint as employees,
    compared.annotators::bigint as annotators,
    case
        when compared.suppressed then null
        when compared.grew_three_years then 'qualifies'
        when compared.yoy is null then 'too_early'
        when compared.yoy > 0.2 and compared.base_employees >= 10 then 'on_pace'
        else 'no'
    end as high_growth,
    compared.suppressed
from compared
left join enterprises on compared.enterprise_id = enterprises.enterprise_id
where
    ($quarter::varchar is null or compared.quarter = $quarter::varchar)
    and ($unit_id::varchar is null or compared.unit_id = $unit_id::varchar)
    and ($enterprise_id::varchar is null or compared.enterprise_id = $enterprise_id::varchar)
order by compared.quarter, compared.enterprise_id
