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
-- any part. Money per cell: value of labeling_revenue
-- and dataset_trade_value; headcount: value of workers (contributors: all enterprises of the
-- units that reported).
with as_at as (
    select coalesce(date_trunc('month', $to_month::date)::date, max(month)) as month
    from months
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

summed as (
    select
        spans.indicator_id,
        spans.kind,
        spans.since,
        spans.month,
        count(indicator_monthly.value) as known,
        sum(indicator_monthly.value::decimal(38, 9))::double as value,
        min(indicator_monthly.units_reported) as units_reported,
        max(indicator_monthly.units_due) as units_due
    from spans
    left join indicator_monthly
        on
            spans.indicator_id = indicator_monthly.indicator_id
            and indicator_monthly.scope = 'city'
            and indicator_monthly.month
            between coalesce(spans.since, spans.month) and spans.month
    group by spans.indicator_id, spans.kind, spans.since, spans.month
),

-- What each unit tells of both numbers; what an office sends as a whole has no units.
by_unit as (
    select
        spans.indicator_id,
        indicator_monthly.scope,
        any_value(workers.value) as workers,
        any_value(firms.value) as firms,
        case
            when spans.indicator_id <> 'labeling_revenue' or count(indicator_monthly.value) = 4
                then sum(indicator_monthly.value::decimal(38, 9))
        end as value
    from spans
    inner join indicator_monthly
        on
            spans.indicator_id = indicator_monthly.indicator_id
            and indicator_monthly.scope <> 'city'
            and indicator_monthly.month
            between coalesce(spans.since, spans.month) and spans.month
    left join indicator_monthly as workers
        on
            workers.indicator_id = 'workers'
            and indicator_monthly.scope = workers.scope
            and spans.month = workers.month
    left join indicator_monthly as firms
        on
            firms.indicator_id = 'labeling_enterprises'
            and indicator_monthly.scope = firms.scope
            and spans.month = firms.month
    group by spans.indicator_id, indicator_monthly.scope
),

our_ratios as (
    select
        indicator_id,
        sum(value) filter (where workers is not null)::double
        / nullif(sum(workers) filter (where value is not null), 0) as per_worker,
        sum(value) filter (where firms is not null)::double
        / nullif(sum(firms) filter (where value is not null), 0) as per_enterprise
    from by_unit
    group by indicator_id
),

ours as (
    select
        summed.indicator_id,
        summed.kind,
        summed.since,
        summed.month,
        summed.units_reported,
        summed.units_due,
        case
            when summed.indicator_id <> 'labeling_revenue' or summed.known = 4
                then summed.value
        end as value,
        our_ratios.per_worker,
        our_ratios.per_enterprise
    from summed
    left join our_ratios on summed.indicator_id = our_ratios.indicator_id
),

together as (
    select
        true as here,
        plan.city_zh as place_zh,
        plan.city_en as place_en,
        ours.indicator_id,
        ours.value,
        'equal' as operator,
        case
            when ours.indicator_id <> 'workers' and ours.value is not null then ours.per_worker
        end as per_worker,
        case
            when ours.indicator_id <> 'labeling_enterprises' and ours.value is not null
                then ours.per_enterprise
        end as per_enterprise,
        last_day(ours.month) as ratio_as_of,
        ours.kind,
        ours.kind as our_kind,
        ours.value as our_value,
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
    ratio_as_of,
    kind,
    kind = our_kind as comparable,
    case
        when kind <> our_kind then kind
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
