-- One row per month, unit, enterprise, modality, task type and hours basis.
select
    month,
    unit_id,
    enterprise_id,
    modality,
    task_type,
    hours_basis,
    items,
    objects,
    hours,
    reviewed,
    accepted,
    accepted_first_pass,
    rejected,
    gold_items,
    gold_correct,
    prelabeled_items,
    volume_gb,
    items_with_hours,
    reviewed_with_accepted,
    reviewed_with_first_pass,
    gold_items_with_correct,
    items_with_prelabeled,
    reported_days
from cube_output_monthly
order by
    month,
    unit_id,
    enterprise_id,
    modality,
    task_type nulls last,
    hours_basis nulls last
