-- One row per typed event: with the fault of an enterprise id whose check digit is wrong
-- (wrong_enterprises), beside the faults found before.
select
    typed.event_id,
    typed.item_id,
    typed.event,
    typed.date,
    typed.unit_id,
    typed.enterprise_id,
    typed.project_id,
    typed.dataset_id,
    typed.modality,
    typed.task_type,
    typed.annotator,
    typed.work_ms,
    typed.hours_basis,
    typed.is_first_review,
    typed.object_count,
    typed.is_gold,
    typed.is_gold_correct,
    typed.is_prelabeled,
    typed.byte_count,
    case
        when wrong_enterprises.enterprise_id is null then typed.fault
        else coalesce(typed.fault, 'check_digit|enterprise_id')
    end as fault,
    coalesce(typed.value, wrong_enterprises.enterprise_id) as value
from typed
left join wrong_enterprises on typed.enterprise_id = wrong_enterprises.enterprise_id
