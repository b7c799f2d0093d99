-- One row per quarter and enterprise: who reported, and the figures of own enterprises.
with seen as (
    select
        enterprise_quarterly.*,
        coalesce(unit_id = getvariable('own_unit'), false) as own
    from main.enterprise_quarterly
)

select
    quarter,
    month,
    enterprise_id,
    unit_id,
    case when own then revenue_10k_cny end as revenue_10k_cny,
    case when own then labeling_revenue_10k_cny end as labeling_revenue_10k_cny,
    case when own then employees end as employees,
    case when own then annotators end as annotators,
    case when own then certified_annotators end as certified_annotators,
    case when own then rd_expense_10k_cny end as rd_expense_10k_cny,
    case when own then backlog_10k_cny end as backlog_10k_cny,
    case when own then patents end as patents,
    case when own then standards end as standards,
    not own as suppressed,
    null::varchar as upload_id,
    null::bigint as source_row
from seen
