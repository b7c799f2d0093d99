-- One row per month of labeling, scope (city or a unit) and modality (all, one that somebody
-- labeled, or none for any other): totals, and how they changed; see throughput_by_month.
with output as (
    select
        month,
        unit_id,
        coalesce(modality, 'all') as modality,
        sum(items)::bigint as items,
        sum(reviewed)::bigint as reviewed,
        sum(accepted)::bigint as accepted,
        sum(accepted_first_pass)::bigint as accepted_first_pass,
        sum(reviewed_with_accepted)::double as with_accepted,
        sum(reviewed_with_first_pass)::double as with_first_pass,
        sum(gold_items_with_correct)::bigint as gold_items,
        sum(gold_correct)::bigint as gold_correct
    from output_monthly
    group by grouping sets ((month, unit_id, modality), (month, unit_id))
),

modalities as (
    select modality
    from output
    union
    select 'all' as modality
    union
    select 'none' as modality
),

unit_output as (
    select
        unit_months.month,
        unit_months.unit_id,
        modalities.modality,
        unit_months.reported,
        unit_months.whole,
        unit_months.status,
        output.* exclude (month, unit_id, modality, items, reviewed, accepted),
        case when output.unit_id is null and unit_months.reported then 0 else output.items end
            as items,
        case when output.unit_id is null and unit_months.reported then 0 else output.reviewed end
            as reviewed,
        case when output.unit_id is null and unit_months.reported then 0 else output.accepted end
            as accepted
    from unit_months
    cross join modalities
    left join output
        on
            unit_months.month = output.month
            and unit_months.unit_id = output.unit_id
            and modalities.modality = output.modality
),

pairs as (
    select
        now.month,
        coalesce(now.unit_id, 'city') as scope,
        now.modality,
        distance.months,
        count(*)::bigint as units,
        sum(now.accepted)::bigint as accepted,
        sum(before.accepted)::bigint as accepted_before,
        sum(now.accepted) / nullif(sum(now.with_accepted), 0)
        - sum(before.accepted) / nullif(sum(before.with_accepted), 0) as acceptance_rate,
        sum(now.accepted_first_pass) / nullif(sum(now.with_first_pass), 0)
        - sum(before.accepted_first_pass) / nullif(sum(before.with_first_pass), 0)
            as first_pass_rate,
        sum(now.gold_correct) / nullif(sum(now.gold_items), 0)::double
        - sum(before.gold_correct) / nullif(sum(before.gold_items), 0)::double
            as gold_accuracy
    from unit_output as now
    cross join (values (1), (12)) as distance (months)
    inner join unit_output as before
        on
            now.unit_id = before.unit_id
            and now.modality = before.modality
            and before.month = (now.month - to_months(distance.months))::date
    where now.whole and before.whole
    group by
        grouping sets (
            (now.month, now.modality, distance.months, now.unit_id),
            (now.month, now.modality, distance.months)
        )
),

totals as (
    select
        month,
        coalesce(unit_id, 'city') as scope,
        modality,
        sum(items)::bigint as items,
        sum(reviewed)::bigint as reviewed,
        sum(accepted)::bigint as accepted,
        sum(accepted) / nullif(sum(with_accepted), 0) as acceptance_rate,
        sum(accepted_first_pass) / nullif(sum(with_first_pass), 0) as first_pass_rate,
        (sum(with_first_pass) - sum(accepted_first_pass)) / nullif(sum(with_first_pass), 0)
            as rework_rate,
        sum(gold_items)::bigint as gold_items,
        sum(gold_correct)::bigint as gold_correct,
        sum(gold_correct) / nullif(sum(gold_items), 0)::double as p,
        pow(1.959963984540054, 2) / nullif(sum(gold_items), 0) as z2_n,
        count(*) filter (where reported)::bigint as units_reported,
        count(*)::bigint as units_due,
        case
            when count(*) filter (where reported) = 0 then 'M'
            when bool_and(status = 'A') then 'A'
            else 'P'
        end as status
    from unit_output
    group by grouping sets ((month, modality, unit_id), (month, modality))
),

intervals as (
    select
        *,
        (p + z2_n / 2) / (1 + z2_n) as centre,
        sqrt(z2_n * (p * (1 - p) + z2_n / 4)) / (1 + z2_n) as margin
    from totals
)

select
    intervals.month,
    intervals.scope,
    intervals.modality,
    intervals.items,
    intervals.reviewed,
    intervals.accepted,
    intervals.acceptance_rate::double as acceptance_rate,
    intervals.first_pass_rate::double as first_pass_rate,
    intervals.rework_rate::double as rework_rate,
    intervals.gold_items,
    intervals.gold_correct,
    intervals.p::double as gold_accuracy,
    case
        when intervals.margin is not null
            then greatest(intervals.centre - intervals.margin, 0)
    end::double as gold_low,
    case
        when intervals.margin is not null
            then least(intervals.centre + intervals.margin, 1)
    end::double as gold_high,
    coalesce(mom.units, 0)::bigint as mom_units,
    mom.accepted as mom_accepted,
    mom.accepted_before as mom_accepted_before,
    mom.acceptance_rate::double as mom_acceptance_rate,
    mom.first_pass_rate::double as mom_first_pass_rate,
    (-mom.first_pass_rate)::double as mom_rework_rate,
    mom.gold_accuracy::double as mom_gold_accuracy,
    coalesce(yoy.units, 0)::bigint as yoy_units,
    yoy.accepted as yoy_accepted,
    yoy.accepted_before as yoy_accepted_before,
    yoy.acceptance_rate::double as yoy_acceptance_rate,
    yoy.first_pass_rate::double as yoy_first_pass_rate,
    (-yoy.first_pass_rate)::double as yoy_rework_rate,
    yoy.gold_accuracy::double as yoy_gold_accuracy,
    intervals.units_reported,
    intervals.units_due,
    intervals.status
from intervals
left join pairs as mom
    on
        intervals.month = mom.month
        and intervals.scope = mom.scope
        and intervals.modality = mom.modality
        and mom.months = 1
left join pairs as yoy
    on
        intervals.month = yoy.month
        and intervals.scope = yoy.scope
        and intervals.modality = yoy.modality
        and yoy.months = 12
order by intervals.scope, intervals.modality, intervals.month
