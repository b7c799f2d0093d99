-- One row per month of labeling: city totals with their coverage.
-- $from_month, $to_month: first and last month; $modality: modality; $kind: kind of unit
-- (comprehensive, characteristic).
-- units_reported of units_due have sent labeling for the month; missing_units: ids of the
-- others, joined by |; units_whole have every working day of it, partial_units only some, and
-- first_day, last_day are those of the rows. status: M nobody reported, P provisional or not
-- everybody whole, A otherwise;
-- provisional: whether what was reported may still change.
-- Rates are fractions of the work whose result was reported; gold_low, gold_high: Wilson 95%.
with coverage as (
    select
        unit_months.month,
        count(*)::bigint as units_due,
        count(*) filter (where unit_months.reported)::bigint as units_reported,
        string_agg(unit_months.unit_id, '|' order by unit_months.unit_id) filter (
            where not unit_months.reported
        ) as missing_units,
        count(*) filter (where unit_months.whole)::bigint as units_whole,
        string_agg(unit_months.unit_id, '|' order by unit_months.unit_id) filter (
            where unit_months.reported and not unit_months.whole
        ) as partial_units,
        min(unit_months.first_day) as first_day,
        max(unit_months.last_day) as last_day,
        max(unit_months.received_on) as reported_on,
        coalesce(bool_or(unit_months.status = 'P'), false) as provisional,
        case
            when count(*) filter (where unit_months.reported) = 0 then 'M'
            when bool_and(unit_months.status = 'A') then 'A'
            else 'P'
        end as status
    from unit_months
    inner join units on unit_months.unit_id = units.unit_id
    where
        ($kind::varchar is null or units.kind = $kind::varchar)
        and ($from_month::date is null or unit_months.month >= $from_month::date)
        and ($to_month::date is null or unit_months.month <= $to_month::date)
    group by unit_months.month
),

output as (
    select
        output_monthly.month,
        sum(output_monthly.items)::bigint as items,
        sum(output_monthly.objects)::bigint as objects,
        sum(output_monthly.hours::decimal(38, 9))::double as hours,
        sum(output_monthly.reviewed)::bigint as reviewed,
        sum(output_monthly.accepted)::bigint as accepted,
        sum(output_monthly.accepted_first_pass)::bigint as accepted_first_pass,
        sum(output_monthly.rejected)::bigint as rejected,
        sum(output_monthly.gold_items_with_correct)::bigint as gold_items,
        sum(output_monthly.gold_correct)::bigint as gold_correct,
        sum(output_monthly.prelabeled_items)::bigint as prelabeled_items,
        sum(output_monthly.volume_gb::decimal(38, 9))::double as volume_gb,
        sum(output_monthly.reviewed_with_accepted)::double as with_accepted,
        sum(output_monthly.reviewed_with_first_pass)::double as with_first_pass,
        sum(output_monthly.items_with_prelabeled)::double as with_prelabeled
    from output_monthly
    inner join units on output_monthly.unit_id = units.unit_id
    where
        ($modality::varchar is null or output_monthly.modality = $modality::varchar)
        and ($kind::varchar is null or units.kind = $kind::varchar)
    group by output_monthly.month
),

joined as (
    select
        coverage.*,
        output.* exclude (month),
        case when coverage.units_reported > 0 and output.month is null then 0 end
            as nothing,
        output.gold_correct / nullif(output.gold_items, 0)::double as p,
        pow(1.959963984540054, 2) / nullif(output.gold_items, 0) as z2_n
    from coverage
    left join output on coverage.month = output.month
),

intervals as (
    select
        *,
        (p + z2_n / 2) / (1 + z2_n) as centre,
        sqrt(z2_n * (p * (1 - p) + z2_n / 4)) / (1 + z2_n) as margin
    from joined
)

select
    month,
    coalesce(items, nothing)::bigint as items,
    coalesce(objects, nothing)::bigint as objects,
    coalesce(hours, nothing)::double as hours,
    coalesce(reviewed, nothing)::bigint as reviewed,
    coalesce(accepted, nothing)::bigint as accepted,
    coalesce(accepted_first_pass, nothing)::bigint as accepted_first_pass,
    coalesce(rejected, nothing)::bigint as rejected,
    coalesce(gold_items, nothing)::bigint as gold_items,
    coalesce(gold_correct, nothing)::bigint as gold_correct,
    coalesce(prelabeled_items, nothing)::bigint as prelabeled_items,
    coalesce(volume_gb, nothing)::double as volume_gb,
    (accepted / nullif(with_accepted, 0))::double as acceptance_rate,
    (accepted_first_pass / nullif(with_first_pass, 0))::double as first_pass_rate,
    ((with_first_pass - accepted_first_pass) / nullif(with_first_pass, 0))::double
        as rework_rate,
    p::double as gold_accuracy,
    case when margin is not null then greatest(centre - margin, 0) end::double
        as gold_low,
    case when margin is not null then least(centre + margin, 1) end::double
        as gold_high,
    (prelabeled_items / nullif(with_prelabeled, 0))::double as prelabeled_share,
    units_reported,
    units_due,
    missing_units,
    units_whole,
    partial_units,
    first_day,
    last_day,
    reported_on,
    status,
    provisional
from intervals
order by month
