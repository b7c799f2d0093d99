-- One row per date, unit, modality and hours basis.
select
    date,
    unit_id,
    modality,
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
    items_with_prelabeled
from cube_output_daily
order by date, unit_id, modality, hours_basis nulls last
