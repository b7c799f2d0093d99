-- One row per month of the data and unit, whether or not the unit reported.
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- Rates are fractions of the reviewed items whose result was reported; rework is rejected at
-- least once. gold_low, gold_high: Wilson 95% interval of the gold accuracy.
with sums as (
    select
        month,
        unit_id,
        sum(reviewed)::bigint as reviewed,
        sum(accepted)::double as accepted,
        sum(accepted_first_pass)::double as accepted_first_pass,
        sum(reviewed_with_accepted) as reviewed_with_accepted,
        sum(reviewed_with_first_pass) as reviewed_with_first_pass,
        sum(gold_items_with_correct)::bigint as gold_items,
        sum(gold_correct)::bigint as gold_correct
    from output_monthly
    where $modality::varchar is null or modality = $modality::varchar
    group by month, unit_id
),

wilson as (
    select
        *,
        gold_correct / nullif(gold_items, 0)::double as p,
        pow(1.959963984540054, 2) / nullif(gold_items, 0) as z2_n
    from sums
),

rates as (
    select
        month,
        unit_id,
        reviewed,
        accepted / nullif(reviewed_with_accepted, 0) as acceptance_rate,
        accepted_first_pass / nullif(reviewed_with_first_pass, 0) as first_pass_rate,
        (reviewed_with_first_pass - accepted_first_pass)
        / nullif(reviewed_with_first_pass, 0) as rework_rate,
        gold_items,
        gold_correct,
        p as gold_accuracy,
        (p + z2_n / 2) / (1 + z2_n) as centre,
        sqrt(z2_n * (p * (1 - p) + z2_n / 4)) / (1 + z2_n) as margin
    from wilson
),

joined as (
    select
        unit_months.month,
        unit_months.unit_id,
        rates.* exclude (month, unit_id),
        unit_months.status,
        case when unit_months.reported and rates.unit_id is null then 0 end as nothing
    from unit_months
    left join rates
        on
            unit_months.month = rates.month
            and unit_months.unit_id = rates.unit_id
    where
        ($from_month::date is null or unit_months.month >= $from_month::date)
        and ($to_month::date is null or unit_months.month <= $to_month::date)
        and ($unit_id::varchar is null or unit_months.unit_id = $unit_id::varchar)
)

select
    month,
    unit_id,
    coalesce(reviewed, nothing)::bigint as reviewed,
    acceptance_rate::double as acceptance_rate,
    first_pass_rate::double as first_pass_rate,
    rework_rate::double as rework_rate,
    coalesce(gold_items, nothing)::bigint as gold_items,
    coalesce(gold_correct, nothing)::bigint as gold_correct,
    gold_accuracy::double as gold_accuracy,
    case when margin is not null then greatest(centre - margin, 0) end::double
        as gold_low,
    case when margin is not null then least(centre + margin, 1) end::double
        as gold_high,
    status
from joined
order by month, unit_id
