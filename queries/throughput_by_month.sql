-- One row per month of labeling: totals of the chosen units, and how they changed.
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- Changes compare like with like: only units that have both months
-- whole are in them. mom_* is
-- against the month before, yoy_* against the same month last year: *_units how many such
-- units, *_accepted what they did, *_accepted_before what they had done, *_rate and *_accuracy
-- the difference of the rates as a fraction. Not reported is NULL with status M; reporting units
-- without that modality have 0. gold_low, gold_high: Wilson 95%.
select
    month,
    items,
    reviewed,
    accepted,
    acceptance_rate,
    first_pass_rate,
    rework_rate,
    gold_items,
    gold_correct,
    gold_accuracy,
    gold_low,
    gold_high,
    mom_units,
    mom_accepted,
    mom_accepted_before,
    mom_acceptance_rate,
    mom_first_pass_rate,
    mom_rework_rate,
    mom_gold_accuracy,
    yoy_units,
    yoy_accepted,
    yoy_accepted_before,
    yoy_acceptance_rate,
    yoy_first_pass_rate,
    yoy_rework_rate,
    yoy_gold_accuracy,
    units_reported,
    units_due,
    status
from throughput_monthly
where
    scope = coalesce($unit_id::varchar, 'city')
    and modality = case
        when $modality::varchar is null then 'all'
        when $modality::varchar in (select modality from output_monthly) then $modality::varchar
        else 'none'
    end
    and ($from_month::date is null or month >= $from_month::date)
    and ($to_month::date is null or month <= $to_month::date)
order by month
