-- One row per row of the monthly cube with more accepted than reviewed and the like, or with a
-- negative measure.
select
    month,
    unit_id,
    enterprise_id,
    modality
from output_monthly
where
    accepted > reviewed_with_accepted
    or accepted_first_pass > reviewed_with_first_pass
    or gold_correct > gold_items_with_correct
    or prelabeled_items > items_with_prelabeled
    or least(
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
        volume_gb
    ) < 0
order by month, unit_id, enterprise_id, modality
