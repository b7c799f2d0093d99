-- One row per unit, measure and month: the unit's figure against the band of its peers.
-- $unit_id: the unit; $from_month, $to_month: the two months that are compared, or the one; without
-- both every month.
-- measure: accepted (items), acceptance_rate, first_pass_rate, rework_rate, gold_accuracy.
-- peers: units of the same kind that reported, or all other units where the kind has fewer than
-- three. low, middle, high: their quartiles. stands: below, within, above. items_needed: how
-- many more accepted items of those reviewed would bring a rate to the middle, rounded up.
with measured as (
    select
        unit_id,
        month,
        sum(accepted)::double as accepted,
        sum(case when accepted is not null then reviewed_with_accepted end)::double as reviewed,
        sum(accepted_first_pass)::double as first_pass,
        sum(reviewed_with_first_pass)::double as reviewed_first,
        sum(gold_items_with_correct)::double as gold_items,
        sum(gold_correct)::double as gold_correct
    from output_monthly
    where
        ($from_month::date is null and $to_month::date is null)
        or month = $from_month::date
        or month = $to_month::date
    group by unit_id, month
),

measures as (
    select
        measured.unit_id,
        measured.month,
        each_measure.reviewed,
        each_measure.place,
        each_measure.measure,
        each_measure.value
    from measured
    cross join lateral (
        values
        (1, 'accepted', measured.accepted, null),
        (
            2,
            'acceptance_rate',
            measured.accepted / nullif(measured.reviewed, 0),
            measured.reviewed
        ),
        (
            3,
            'first_pass_rate',
            measured.first_pass / nullif(measured.reviewed_first, 0),
            measured.reviewed_first
        ),
        (
            4,
            'rework_rate',
            (measured.reviewed_first - measured.first_pass) / nullif(measured.reviewed_first, 0),
            null
        ),
        (5, 'gold_accuracy', measured.gold_correct / nullif(measured.gold_items, 0), null)
    ) as each_measure (place, measure, value, reviewed)
),

own as (
    select
        measures.*,
        units.kind
    from measures
    inner join units on measures.unit_id = units.unit_id
    where $unit_id::varchar is null or measures.unit_id = $unit_id::varchar
),

others as (
    select
        own.unit_id,
        own.measure,
        own.month,
        measures.value,
        units.kind = own.kind as is_alike
    from own
    inner join measures
        on
            own.measure = measures.measure
            and own.month = measures.month
            and own.unit_id <> measures.unit_id
    inner join units on measures.unit_id = units.unit_id
    where measures.value is not null
),

bands as (
    select
        unit_id,
        measure,
        month,
        count(*) filter (where is_alike) >= 3 as of_its_kind,
        count(*) filter (where is_alike) as alike,
        count(*) as all_others,
        quantile_cont(value, 0.25) filter (where is_alike) as kind_low,
        quantile_cont(value, 0.5) filter (where is_alike) as kind_middle,
        quantile_cont(value, 0.75) filter (where is_alike) as kind_high,
        quantile_cont(value, 0.25) as whole_low,
        quantile_cont(value, 0.5) as whole_middle,
        quantile_cont(value, 0.75) as whole_high
    from others
    group by unit_id, measure, month
),

compared as (
    select
        own.*,
        bands.of_its_kind,
        case when bands.of_its_kind then bands.alike else bands.all_others end as peers,
        case when bands.of_its_kind then bands.kind_low else bands.whole_low end as low,
        case when bands.of_its_kind then bands.kind_middle else bands.whole_middle end as middle,
        case when bands.of_its_kind then bands.kind_high else bands.whole_high end as high
    from own
    left join bands
        on
            own.unit_id = bands.unit_id
            and own.measure = bands.measure
            and own.month = bands.month
)

select
    unit_id,
    measure,
    month,
    value,
    coalesce(peers, 0)::bigint as peers,
    coalesce(of_its_kind, false) as of_its_kind,
    low::double as low,
    middle::double as middle,
    high::double as high,
    case
        when value is null or low is null then null
        when value < low then 'below'
        when value > high then 'above'
        else 'within'
    end as stands,
    case
        when measure in ('acceptance_rate', 'first_pass_rate') and value < middle
            then ceil((middle - value) * reviewed - 1e-9)
    end::double as items_needed
from compared
order by unit_id, place, month
