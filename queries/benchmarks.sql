-- One row per place and indicator: the city (here = true) beside the newest figure that each
-- place has published, for every indicator that any of them publishes.
-- $indicator_id: indicator; $to_month: the city as at the end of this month (the newest without
-- it).
-- kind: stock, flow, cumulative, capacity, induced (output value that may hold induced output),
-- wider (covers more than labeling). comparable: the place counts as the city does; caution says
-- what differs: the published kind, start (both cumulate, from unlike or unpublished days),
-- not_here (no value of the city's). per_worker, per_enterprise: by the place's own figures of
-- one day and scope (ratio_as_of), so of an earlier publication where the newest lacks them.
-- The city: volume is added up from the first month of the data (since), revenue over the last
-- four quarters, NULL unless all four are known; the rest stands at month. Its ratios are taken
-- over the units that tell both numbers. units_reported of units_due are in it: the fewest in
-- any part. suppressed, per_worker_suppressed, per_enterprise_suppressed: the reader may not see
-- it (caution suppressed: not the city's value). A ratio of which a unit's part is withheld is made
-- of the city's figures if they are over the very same units.
with as_at as (
    select coalesce(date_trunc('month', $to_month::date)::date, month) as month
    from opening_month
),

published as (
    select
        place_zh,
        place_en,
        indicator_id,
        value,
        operator,
        kind,
        as_of,
        source,
        certainty,
        note_zh,
        note_en
    from benchmarks
),

divisors as (
    select
        place_en,
        indicator_id,
        as_of,
        kind,
        any_value(value) as value
    from published
    where indicator_id in ('workers', 'labeling_enterprises')
    group by place_en, indicator_id, as_of, kind
),

divided as (
    select
        published.place_en,
        published.indicator_id,
        published.as_of,
        case
            when published.indicator_id <> 'workers' then published.value / nullif(workers.value, 0)
        end as per_worker,
        case
            when published.indicator_id <> 'labeling_enterprises'
                then published.value / nullif(firms.value, 0)
        end as per_enterprise
    from published
    left join divisors as workers
        on
            published.place_en = workers.place_en
            and published.as_of = workers.as_of
            and workers.indicator_id = 'workers'
            and (workers.kind = 'stock' or published.kind = workers.kind)
    left join divisors as firms
        on
            published.place_en = firms.place_en
            and published.as_of = firms.as_of
            and firms.indicator_id = 'labeling_enterprises'
            and (firms.kind = 'stock' or published.kind = firms.kind)
),

ratios as (
    select *
    from divided
    where per_worker is not null or per_enterprise is not null
    qualify
        row_number() over (partition by place_en, indicator_id order by as_of desc) = 1
),

newest as (
    select *
    from published
    qualify
        row_number() over (
            partition by place_en, indicator_id
            order by as_of desc, certainty asc, source asc
        ) = 1
),

first_month as (
    select min(month) as month
    from months
),

newest_quarter as (
    select max(enterprise_quarterly.month) as month
    from enterprise_quarterly
    inner join as_at on enterprise_quarterly.month <= as_at.month
),

-- A flow over its span, anything else as it stands at the month.
spans as (
    select
        indicators.indicator_id,
        case
            when indicators.indicator_id = 'annotated_volume' then 'cumulative'
            else indicators.kind
        end as kind,
        case
            when indicators.indicator_id = 'annotated_volume'
                then first_month.month
            when indicators.indicator_id = 'labeling_revenue'
                then (newest_quarter.month - interval 11 month)::date
        end as since,
        case
            when indicators.indicator_id = 'labeling_revenue' then newest_quarter.month
            else as_at.month
        end as month
    from indicators
    cross join as_at
    cross join first_month
    cross join newest_quarter
    where indicators.indicator_id in (
        select published.indicator_id
        from published
    )
),

-- Every value of the city and the units, and whether it is there but may not be seen.
told as (
    select
        indicator_id,
        scope,
        month,
        value::decimal(38, 9) as value,
        units_reported,
        units_due,
        value is null and status in ('C', 'W') and coalesce(units_reported, 1) > 0 as hidden
    from indicator_monthly
),

summed as (
    select
        spans.indicator_id,
        spans.kind,
        spans.since,
        spans.month,
        case
            when spans.indicator_id <> 'labeling_revenue' or count(told.value) = 4
                then sum(told.value)
        end as value,
        coalesce(bool_or(told.hidden), false) as suppressed,
        min(told.units_reported) as units_reported,
        max(told.units_reported) as most_units,
        max(told.units_due) as units_due
    from spans
    left join told
        on
            spans.indicator_id = told.indicator_id
            and told.scope = 'city'
            and told.month between coalesce(spans.since, spans.month) and spans.month
    group by spans.indicator_id, spans.kind, spans.since, spans.month
),

-- What each unit tells; what an office sends as a whole has no units.
by_unit as (
    select
        spans.indicator_id,
        spans.month,
        told.scope,
        sum(told.value) as value,
        bool_or(told.hidden) as hidden
    from spans
    inner join told
        on
            spans.indicator_id = told.indicator_id
            and told.scope <> 'city'
            and told.month between coalesce(spans.since, spans.month) and spans.month
    where told.value is not null or told.hidden
    group by spans.indicator_id, spans.month, told.scope
    having spans.indicator_id <> 'labeling_revenue' or count(*) = 4
),

-- Over the units that tell both numbers.
paired as (
    select
        by_unit.indicator_id,
        divisor.indicator_id as divisor_id,
        by_unit.month,
        count(*) as units,
        sum(by_unit.value) as value,
        sum(divisor.value) as divisor,
        bool_or(by_unit.hidden) as value_hidden,
        bool_or(divisor.hidden) as divisor_hidden
    from by_unit
    inner join told as divisor
        on
            divisor.indicator_id in ('workers', 'labeling_enterprises')
            and by_unit.indicator_id <> divisor.indicator_id
            and by_unit.scope = divisor.scope
            and by_unit.month = divisor.month
            and (divisor.value is not null or divisor.hidden)
    group by by_unit.indicator_id, divisor.indicator_id, by_unit.month
),

our_divisions as (
    select
        paired.indicator_id,
        paired.divisor_id,
        case
            when not paired.value_hidden then paired.value
            when paired.units = summed.units_reported and paired.units = summed.most_units
                then summed.value
        end::double
        / nullif(
            case
                when not paired.divisor_hidden then paired.divisor
                when paired.units = city.units_reported then city.value
            end::double,
            0
        ) as ratio,
        paired.value_hidden or paired.divisor_hidden or summed.suppressed as hidden,
        summed.value is not null as known
    from paired
    inner join summed on paired.indicator_id = summed.indicator_id
    left join told as city
        on
            paired.divisor_id = city.indicator_id
            and city.scope = 'city'
            and paired.month = city.month
),

ours as (
    select
        summed.indicator_id,
        summed.kind,
        summed.since,
        summed.month,
        summed.units_reported,
        summed.units_due,
        summed.suppressed,
        summed.value::double as value,
        case when by_workers.known then by_workers.ratio end as per_worker,
        case when by_firms.known then by_firms.ratio end as per_enterprise,
        coalesce(by_workers.hidden, false) as workers_hidden,
        coalesce(by_firms.hidden, false) as firms_hidden
    from summed
    left join our_divisions as by_workers
        on
            summed.indicator_id = by_workers.indicator_id
            and by_workers.divisor_id = 'workers'
    left join our_divisions as by_firms
        on
            summed.indicator_id = by_firms.indicator_id
            and by_firms.divisor_id = 'labeling_enterprises'
),

together as (
    select
        true as here,
        plan.city_zh as place_zh,
        plan.city_en as place_en,
        ours.indicator_id,
        ours.value,
        'equal' as operator,
        ours.per_worker,
        ours.per_enterprise,
        ours.suppressed,
        ours.per_worker is null and ours.workers_hidden as per_worker_suppressed,
        ours.per_enterprise is null and ours.firms_hidden as per_enterprise_suppressed,
        last_day(ours.month) as ratio_as_of,
        ours.kind,
        ours.kind as our_kind,
        ours.value as our_value,
        ours.suppressed as ours_suppressed,
        last_day(ours.month) as as_of,
        ours.since,
        indicators.source,
        null::varchar as certainty,
        null::varchar as note_zh,
        null::varchar as note_en,
        ours.units_reported,
        ours.units_due
    from ours
    cross join plan
    left join indicators on ours.indicator_id = indicators.indicator_id
    union all by name
    select
        false as here,
        newest.place_zh,
        newest.place_en,
        newest.indicator_id,
        newest.value,
        newest.operator,
        ratios.per_worker,
        ratios.per_enterprise,
        ratios.as_of as ratio_as_of,
        newest.kind,
        ours.kind as our_kind,
        ours.value as our_value,
        ours.suppressed as ours_suppressed,
        newest.as_of,
        newest.source,
        newest.certainty,
        newest.note_zh,
        newest.note_en
    from newest
    left join ratios
        on newest.place_en = ratios.place_en and newest.indicator_id = ratios.indicator_id
    left join ours on newest.indicator_id = ours.indicator_id
)

select
    here,
    place_en,
    place_zh,
    indicator_id,
    value::double as value,
    operator,
    per_worker::double as per_worker,
    per_enterprise::double as per_enterprise,
    coalesce(suppressed, false) as suppressed,
    coalesce(per_worker_suppressed, false) as per_worker_suppressed,
    coalesce(per_enterprise_suppressed, false) as per_enterprise_suppressed,
    ratio_as_of,
    kind,
    kind = our_kind as comparable,
    case
        when kind <> our_kind then kind
        when our_value is null and ours_suppressed then 'suppressed'
        when our_value is null then 'not_here'
        when kind = 'cumulative' and not here then 'start'
    end as caution,
    as_of,
    since,
    source,
    certainty,
    note_zh,
    note_en,
    units_reported::bigint as units_reported,
    units_due::bigint as units_due
from together
where $indicator_id::varchar is null or indicator_id = $indicator_id::varchar
order by indicator_id asc, here desc, place_en asc
