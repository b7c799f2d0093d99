-- One row per unit of the plan: its productivity against the city's usual pace, like with like.
-- $from_month, $to_month: first and last month; $modality: modality; $unit_id: unit (it is
-- compared with the others all the same).
-- index = earned_hours / hours. hours: those of the reviewed work; earned_hours: accepted items
-- at the city's median hours per item of their modality, task type and hours basis. Left out on
-- both sides: work without hours or review, in another than the unit's main hours basis
-- (unmeasured_share of its items; looked at by month, enterprise and sort of work), and of a
-- sort that no other unit does on that basis (no_peer_share). comparable: another unit of the
-- same kind has the same hours basis. index_low, index_high: 95%, from how enterprises and
-- months within units differ, never narrower than counting alone. rank_from to rank_to: the
-- places that the unit may hold among
-- its peers; one place only where every interval and every pair is apart (family-wise 95%).
with chosen as (
    select
        unit_id,
        enterprise_id,
        month,
        modality,
        task_type,
        hours_basis,
        items,
        accepted,
        hours / nullif(items_with_hours, 0)::double as pace,
        hours / nullif(items_with_hours, 0)::double * reviewed_with_accepted as reviewed_hours
    from output_monthly
    where
        ($from_month::date is null or month >= $from_month::date)
        and ($to_month::date is null or month <= $to_month::date)
        and ($modality::varchar is null or modality = $modality::varchar)
),

main_basis as (
    select
        unit_id,
        hours_basis
    from chosen
    where pace > 0 and reviewed_hours > 0 and accepted is not null and hours_basis is not null
    group by unit_id, hours_basis
    qualify row_number() over (partition by unit_id order by sum(items) desc, hours_basis) = 1
),

measured as (
    select
        chosen.*,
        median(chosen.pace) over sort_of_work as standard,
        min(chosen.unit_id) over sort_of_work < max(chosen.unit_id) over sort_of_work as has_peer
    from chosen
    inner join main_basis
        on chosen.unit_id = main_basis.unit_id and chosen.hours_basis = main_basis.hours_basis
    where chosen.pace > 0 and chosen.reviewed_hours > 0 and chosen.accepted is not null
    window
        sort_of_work as (
            partition by chosen.modality, chosen.task_type, chosen.hours_basis
        )
),

compared as (
    select
        *,
        (accepted * standard)::decimal(38, 12) as earned
    from measured
    where has_peer
),

submitted as (
    select
        unit_id,
        sum(items)::double as items
    from chosen
    group by unit_id
),

measured_items as (
    select
        unit_id,
        sum(items)::double as items
    from measured
    group by unit_id
),

totals as (
    select
        unit_id,
        sum(items)::bigint as items,
        sum(accepted)::double as accepted,
        sum(earned)::double as earned,
        sum(reviewed_hours::decimal(38, 12))::double as hours,
        sum(earned)::double / sum(reviewed_hours::decimal(38, 12))::double as index
    from compared
    group by unit_id
),

clusters as (
    select
        unit_id,
        'enterprise' as source,
        enterprise_id as cluster,
        sum(earned)::double as earned,
        sum(reviewed_hours::decimal(38, 12))::double as hours
    from compared
    group by unit_id, enterprise_id
    union all
    select
        unit_id,
        'month' as source,
        month::varchar as cluster,
        sum(earned)::double as earned,
        sum(reviewed_hours::decimal(38, 12))::double as hours
    from compared
    group by unit_id, month
),

-- part: the share of the unit's hours; deviation: relative to the unit's own index.
deviations as (
    select
        clusters.source,
        clusters.unit_id,
        clusters.hours / totals.hours as part,
        clusters.earned / clusters.hours / totals.index - 1 as deviation
    from clusters
    inner join totals on clusters.unit_id = totals.unit_id
    where totals.index > 0
),

within_units as (
    select
        source,
        unit_id,
        sum((part * part)::decimal(38, 15))::double as concentration,
        sum((part * deviation * deviation)::decimal(38, 15))::double as spread
    from deviations
    group by source, unit_id
),

-- The relative variance of one enterprise (or month) around its unit, pooled over all units.
pooled as (
    select
        source,
        sum(spread::decimal(38, 15))::double
        / nullif(sum((1 - concentration)::decimal(38, 15))::double, 0) as variance,
        sum((1 / concentration - 1)::decimal(38, 12))::double as freedom
    from within_units
    group by source
),

sources as (
    select
        within_units.unit_id,
        pooled.source,
        pooled.variance * within_units.concentration as variance,
        pooled.freedom
    from within_units
    inner join pooled on within_units.source = pooled.source
    where pooled.freedom >= 1
),

-- Enterprises and months scatter on their own account, so their variances add up.
errors as (
    select
        totals.unit_id,
        greatest(
            sum(sources.variance::decimal(38, 18))::double, 1 / totals.accepted
        ) as variance,
        min(sources.freedom) as freedom
    from sources
    inner join totals on sources.unit_id = totals.unit_id
    group by totals.unit_id, totals.accepted
),

-- The quantile of Student's t after Wallace, from the normal one.
margins as (
    select
        unit_id,
        sqrt(variance) * sqrt(
            freedom
            * (exp(pow(1.959963984540054 * (8 * freedom + 3) / (8 * freedom + 1), 2) / freedom) - 1)
        ) as margin
    from errors
),

placed as (
    select
        units.unit_id,
        units.kind,
        main_basis.hours_basis,
        totals.earned,
        totals.hours,
        totals.index,
        totals.items,
        totals.index * exp(-margins.margin) as index_low,
        totals.index * exp(margins.margin) as index_high,
        submitted.items as submitted,
        measured_items.items as measured,
        case
            when totals.index > 0
                then count(*) filter (where totals.index > 0) over (
                    partition by units.kind, main_basis.hours_basis
                )
        end as peers
    from units
    left join submitted on units.unit_id = submitted.unit_id
    left join measured_items on units.unit_id = measured_items.unit_id
    left join main_basis on units.unit_id = main_basis.unit_id
    left join totals on units.unit_id = totals.unit_id
    left join margins on units.unit_id = margins.unit_id
),

-- Normal quantile for the pairs among so many units together: 1 - 0.05 / (2 x pairs).
pair_quantiles (units, z) as (
    values
    (2, 1.959963984540054), (3, 2.3939797998185104), (4, 2.638257273476751),
    (5, 2.807033768343811), (6, 2.935199468866699), (7, 3.0380743049242116),
    (8, 3.1237346303238454), (9, 3.1969502291312546), (10, 3.2607674884205338),
    (11, 3.317247361552435), (12, 3.367847180032717), (13, 3.4136342659485033),
    (14, 3.4554129663390474), (15, 3.4938040039432683), (16, 3.5292960888347347),
    (17, 3.5622806462286185), (18, 3.5930758684962227), (19, 3.6219437933465697),
    (20, 3.6491026963009765)
),

pairs as (
    select
        one.unit_id,
        other.unit_id as other_id,
        other.index > one.index as other_is_above,
        (one.index_high < other.index_low or other.index_high < one.index_low)
        and abs(ln(one.index / other.index)) > sqrt(mine.variance + theirs.variance) * sqrt(
            mine.freedom * (
                exp(
                    pow(
                        pair_quantiles.z * (8 * mine.freedom + 3) / (8 * mine.freedom + 1), 2
                    ) / mine.freedom
                ) - 1
            )
        ) as apart
    from placed as one
    inner join placed as other
        on
            one.kind = other.kind
            and one.hours_basis = other.hours_basis
            and one.unit_id <> other.unit_id
    inner join pair_quantiles on pair_quantiles.units = least(one.peers, 20)
    inner join errors as mine on one.unit_id = mine.unit_id
    inner join errors as theirs on other.unit_id = theirs.unit_id
),

ranks as (
    select
        unit_id,
        count(*) filter (where apart and other_is_above) as above,
        count(*) filter (where apart and not other_is_above) as below
    from pairs
    group by unit_id
)

select
    placed.unit_id,
    placed.kind,
    placed.hours_basis,
    placed.earned as earned_hours,
    placed.hours,
    placed.index,
    placed.index_low,
    placed.index_high,
    placed.items,
    coalesce(placed.peers, 0) > 1 as comparable,
    coalesce(placed.peers - 1, 0)::bigint as peers,
    case when placed.peers > 1 then 1 + coalesce(ranks.above, 0) end::bigint as rank_from,
    case
        when placed.peers > 1 then placed.peers - coalesce(ranks.below, 0)
    end::bigint as rank_to,
    coalesce(ranks.above, 0)::bigint as surely_above,
    coalesce(ranks.below, 0)::bigint as surely_below,
    (1 - coalesce(placed.measured, 0) / nullif(placed.submitted, 0))::double as unmeasured_share,
    ((coalesce(placed.measured, 0) - coalesce(placed.items, 0)) / nullif(placed.submitted, 0))
    ::double as no_peer_share
from placed
left join ranks on placed.unit_id = ranks.unit_id
where $unit_id::varchar is null or placed.unit_id = $unit_id::varchar
order by placed.unit_id
