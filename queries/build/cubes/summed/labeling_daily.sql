-- One row per date, unit, enterprise, modality, task type, hours basis of fact_labeling_daily
-- and per set of measures that were reported: its projects added up. Cubes that name neither
-- project nor line of a file give the same from these rows as from those, since decimals add up
-- to the same in any order.
select
    date,
    unit_id,
    enterprise_id,
    modality,
    task_type,
    hours_basis,
    sum(items)::bigint as items,
    sum(objects)::bigint as objects,
    sum(hours::decimal(38, 9)) as hours,
    sum(reviewed)::bigint as reviewed,
    sum(accepted)::bigint as accepted,
    sum(accepted_first_pass)::bigint as accepted_first_pass,
    sum(rejected)::bigint as rejected,
    sum(gold_items)::bigint as gold_items,
    sum(gold_correct)::bigint as gold_correct,
    sum(prelabeled_items)::bigint as prelabeled_items,
    sum(volume_gb::decimal(38, 9)) as volume_gb
from fact_labeling_daily
group by
    date,
    unit_id,
    enterprise_id,
    modality,
    task_type,
    hours_basis,
    hours is null,
    accepted is null,
    accepted_first_pass is null,
    gold_correct is null,
    prelabeled_items is null
