-- One row per record of the files in event_text: without spaces at the ends, empty as missing,
-- the annotator as a keyed hash that is good for counting people only.
select
    nullif(trim(event_text.event_id), '') as event_id,
    nullif(trim(event_text.item_id), '') as item_id,
    lower(nullif(trim(event_text.event), '')) as event,
    nullif(trim(event_text.started_at), '') as started_at,
    nullif(trim(event_text.ended_at), '') as ended_at,
    nullif(trim(event_text.unit_id), '') as unit_id,
    upper(nullif(trim(event_text.enterprise_id), '')) as enterprise_id,
    nullif(trim(event_text.project_id), '') as project_id,
    nullif(trim(event_text.dataset_id), '') as dataset_id,
    lower(nullif(trim(event_text.modality), '')) as modality,
    nullif(trim(event_text.task_type), '') as task_type,
    substr(
        sha256(rollup_terms.salt || nullif(trim(event_text.annotator), '')), 1, 20
    ) as annotator,
    nullif(trim(event_text.seconds), '') as seconds,
    lower(nullif(trim(event_text.hours_basis), '')) as hours_basis,
    lower(nullif(trim(event_text.first_review), '')) as first_review,
    nullif(trim(event_text.objects), '') as objects,
    lower(nullif(trim(event_text.gold), '')) as gold,
    lower(nullif(trim(event_text.gold_correct), '')) as gold_correct,
    lower(nullif(trim(event_text.prelabeled), '')) as prelabeled,
    nullif(trim(event_text.bytes), '') as bytes
from event_text
cross join rollup_terms
