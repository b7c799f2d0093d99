-- One row per month, unit, enterprise, modality, task type and hours basis;
-- the enterprise and the project of own output only.
select
    output.month,
    output.unit_id,
    case when output.unit_id = getvariable('own_unit') then output.enterprise_id end
        as enterprise_id,
    output.modality,
    output.task_type,
    output.hours_basis,
    output.items,
    output.objects,
    output.hours,
    output.reviewed,
    output.accepted,
    output.accepted_first_pass,
    output.rejected,
    output.gold_items,
    output.gold_correct,
    output.prelabeled_items,
    output.volume_gb,
    output.items_with_hours,
    output.reviewed_with_accepted,
    output.reviewed_with_first_pass,
    output.gold_items_with_correct,
    output.items_with_prelabeled,
    output.reported_days
from main.output_monthly as output
