-- One row per month, project, label set and source: how far people who labelled the same items
-- agree (Krippendorff's alpha, nominal). month is NULL where an export tells no day.
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- label_set: a number within the project, since its name may be content; source: fingerprint of
-- the export. Alpha is never averaged: not over label sets, projects or sources.
with numbered as (
    select
        month,
        unit_id,
        enterprise_id,
        project_id,
        modality,
        platform,
        source,
        alpha,
        items,
        answers,
        annotators,
        dense_rank() over (
            partition by unit_id, enterprise_id, project_id, platform
            order by label_set
        ) as label_set
    from agreement
)

select
    month,
    unit_id,
    enterprise_id,
    project_id,
    modality,
    platform,
    label_set::bigint as label_set,
    source,
    alpha,
    items,
    answers,
    annotators as people
from numbered
where
    (
        month is null
        or (
            ($from_month::date is null or month >= date_trunc('month', $from_month::date))
            and ($to_month::date is null or month <= $to_month::date)
        )
    )
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($modality::varchar is null or modality = $modality::varchar)
order by
    month nulls last,
    unit_id,
    enterprise_id,
    project_id,
    platform,
    label_set,
    source
