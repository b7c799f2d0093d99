-- One row per month, project, platform, label set and source: Krippendorff's alpha of the people
-- who labelled the same items. month is NULL where an export tells no day.
select
    month,
    unit_id,
    enterprise_id,
    project_id,
    modality,
    platform,
    label_set,
    source,
    alpha,
    items,
    answers,
    annotators,
    upload_id
from fact_agreement
order by
    month,
    unit_id,
    enterprise_id,
    project_id,
    platform,
    label_set,
    source
