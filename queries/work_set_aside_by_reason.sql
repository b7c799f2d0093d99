-- One row per reason (skipped, draft, expired) that occurs: work counted apart from the output.
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- units_reported: units that told it; projects: their projects. Not every platform can tell.
select
    reason,
    sum(items)::bigint as items,
    count(distinct unit_id)::bigint as units_reported,
    count(distinct unit_id || enterprise_id || project_id)::bigint as projects
from work_set_aside
where
    ($from_month::date is null or date >= date_trunc('month', $from_month::date))
    and ($to_month::date is null or date <= last_day($to_month::date))
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($modality::varchar is null or modality = $modality::varchar)
group by reason
order by reason
