-- One row per event that counts: good, and once where the same event came again. Of several
-- events that share an id and differ, none counts.
select
    judged.event,
    judged.date,
    judged.unit_id,
    judged.enterprise_id,
    judged.project_id,
    judged.dataset_id,
    judged.modality,
    judged.task_type,
    judged.annotator,
    judged.work_ms,
    judged.hours_basis,
    judged.is_first_review,
    judged.object_count,
    judged.is_gold,
    judged.is_gold_correct,
    judged.is_prelabeled,
    judged.byte_count
from judged
anti join repeated on judged.event_id = repeated.event_id
where judged.fault is null
union all
select
    event,
    date,
    unit_id,
    enterprise_id,
    project_id,
    dataset_id,
    modality,
    task_type,
    annotator,
    work_ms,
    hours_basis,
    is_first_review,
    object_count,
    is_gold,
    is_gold_correct,
    is_prelabeled,
    byte_count
from repeated
where place = 1 and not conflicting
