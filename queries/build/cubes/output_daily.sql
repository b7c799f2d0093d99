-- One row per date, unit, modality and hours basis of the month in fact_labeling_daily.
-- A measure is NULL only when no row reports it. The columns *_with_* hold the part of a
-- denominator whose numerator was reported too, so that no rate divides by work whose
-- result nobody told. Decimal sums do not depend on the order of the rows.
select
    date,
    unit_id,
    modality,
    hours_basis,
    sum(items)::bigint as items,
    sum(objects)::bigint as objects,
    sum(hours::decimal(38, 9))::double as hours,
    sum(reviewed)::bigint as reviewed,
    sum(accepted)::bigint as accepted,
    sum(accepted_first_pass)::bigint as accepted_first_pass,
    sum(rejected)::bigint as rejected,
    sum(gold_items)::bigint as gold_items,
    sum(gold_correct)::bigint as gold_correct,
    sum(prelabeled_items)::bigint as prelabeled_items,
    sum(volume_gb::decimal(38, 9))::double as volume_gb,
    sum(case when hours is not null then items end)::bigint
        as items_with_hours,
    sum(case when accepted is not null then reviewed end)::bigint
        as reviewed_with_accepted,
    sum(case when accepted_first_pass is not null then reviewed end)::bigint
        as reviewed_with_first_pass,
    sum(case when gold_correct is not null then gold_items end)::bigint
        as gold_items_with_correct,
    sum(case when prelabeled_items is not null then items end)::bigint
        as items_with_prelabeled
from fact_labeling_daily
group by date, unit_id, modality, hours_basis
order by date, unit_id, modality, hours_basis nulls last
