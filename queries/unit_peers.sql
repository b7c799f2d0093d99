-- One row per unit, measure (acceptance_rate, first_pass_rate, gold_accuracy, per_day) and month:
-- the unit and what is usual among the other units of its kind.
-- $unit_id: unit; $to_month: last month; $modality: modality.
-- own: the unit's value, NULL where it did not report; per_day: accepted items on a working day
-- as a share of the unit's own first three months (1: as then), so that unlike sizes compare.
-- peers_low, peers_middle, peers_high: lowest, median and highest of the `peers` others of its
-- kind that have a value; NULL without any. status: M not reported, P provisional, A otherwise.
with output as (
    select
        month,
        unit_id,
        sum(accepted)::double as accepted,
        sum(case when accepted is not null then reviewed_with_accepted end)::double as reviewed,
        sum(accepted_first_pass)::double as first_pass,
        sum(reviewed_with_first_pass)::double as reviewed_first,
        sum(gold_correct)::double as gold_correct,
        sum(gold_items_with_correct)::double as gold
    from output_monthly
    where $modality::varchar is null or modality = $modality::varchar
    group by month, unit_id
),

paced as (
    select
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        output.accepted / nullif(output.reviewed, 0) as acceptance_rate,
        output.first_pass / nullif(output.reviewed_first, 0) as first_pass_rate,
        output.gold_correct / nullif(output.gold, 0) as gold_accuracy,
        output.accepted / nullif(unit_months.days_covered, 0) as pace,
        row_number() over (
            partition by unit_months.unit_id, output.accepted is not null
            order by unit_months.month
        ) as place
    from unit_months
    left join output
        on
            unit_months.month = output.month
            and unit_months.unit_id = output.unit_id
    where $to_month::date is null or unit_months.month <= $to_month::date
),

bases as (
    select
        unit_id,
        avg(pace) as base
    from paced
    where place <= 3 and pace is not null
    group by unit_id
),

measured as (
    select
        paced.month,
        paced.unit_id,
        units.kind,
        paced.status,
        unnest(
            ['acceptance_rate', 'first_pass_rate', 'gold_accuracy', 'per_day']
        ) as measure,
        unnest(
            [
                paced.acceptance_rate,
                paced.first_pass_rate,
                paced.gold_accuracy,
                paced.pace / nullif(bases.base, 0)
            ]
        ) as value
    from paced
    inner join units on paced.unit_id = units.unit_id
    left join bases on paced.unit_id = bases.unit_id
)

select
    own.unit_id,
    own.measure,
    own.month,
    own.value as own,
    own.status,
    min(other.value) as peers_low,
    median(other.value) as peers_middle,
    max(other.value) as peers_high,
    count(other.value)::bigint as peers
from measured as own
left join measured as other
    on
        own.measure = other.measure
        and own.month = other.month
        and own.kind = other.kind
        and own.unit_id <> other.unit_id
where $unit_id::varchar is null or own.unit_id = $unit_id::varchar
group by own.unit_id, own.measure, own.month, own.value, own.status
order by
    own.unit_id,
    array_position(
        ['acceptance_rate', 'first_pass_rate', 'gold_accuracy', 'per_day'], own.measure
    ),
    own.month
