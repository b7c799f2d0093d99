-- One row per target of the city and unit: the unit's part of the target's value.
-- $target_id: one target; $to_month: as at this month (the newest without it); $unit_id: one
-- unit.
-- value: the unit's own value in the month of the target's value, a flow added up from the
-- target's start; NULL with status M where the unit did not report, C where the reader may not
-- see one of its months. share: value / the city's.
-- recent_per_month: mean change of the last three months, NULL where one is missing. additive:
-- whether the parts add up; false with NULL parts for rates, for what is counted once over units
-- and for values sent as a whole.
with as_at as (
    select max(as_at) as month
    from target_progress
    where $to_month::date is null or as_at <= $to_month::date
),

judged as (
    select
        targets.target_id,
        targets.indicator_id,
        targets.sort,
        indicators.kind,
        date_trunc('month', targets.start)::date as start,
        progress.value,
        progress.value_month,
        case when indicators.source = 'enterprise_quarterly' then 1 else 3 end
            as values_in_three_months,
        indicators.aggregation in ('sum', 'count', 'last')
        and progress.units_due is not null
        and targets.indicator_id not in (select indicator_id from indicator_coverage)
            as additive
    from targets
    inner join indicators on targets.indicator_id = indicators.indicator_id
    inner join as_at on true
    inner join target_progress as progress
        on targets.target_id = progress.target_id and as_at.month = progress.as_at
    where
        targets.scope = 'city'
        and ($target_id::varchar is null or targets.target_id = $target_id::varchar)
),

parts as (
    select
        judged.target_id,
        series.scope as unit_id,
        case
            when
                judged.kind = 'flow' and bool_or(
                    series.value is null
                    and series.status in ('C', 'W')
                    and series.month >= judged.start
                )
                then null
            when judged.kind = 'flow'
                then sum(series.value::decimal(38, 9)) filter (
                    where series.month >= judged.start
                )::double
            else
                max(series.value) filter (where series.month = judged.value_month)
        end as value,
        case
            when
                judged.kind = 'flow' and bool_or(
                    series.value is null
                    and series.status in ('C', 'W')
                    and series.month >= judged.start
                )
                then 'C'
            else max(series.status) filter (where series.month = judged.value_month)
        end as status,
        case
            when
                judged.kind = 'flow'
                and count(series.value) filter (
                    where series.month > judged.value_month - interval 3 month
                )
                = judged.values_in_three_months
                then sum(series.value) filter (
                    where series.month > judged.value_month - interval 3 month
                )
            when judged.kind <> 'flow'
                then
                    max(series.value) filter (where series.month = judged.value_month)
                    - max(series.value) filter (
                        where series.month = judged.value_month - interval 3 month
                    )
        end
        / 3 as recent_per_month
    from judged
    inner join indicator_monthly as series
        on
            judged.indicator_id = series.indicator_id
            and series.scope <> 'city'
            and judged.value_month >= series.month
    where judged.additive
    group by
        judged.target_id,
        judged.kind,
        judged.value_month,
        judged.values_in_three_months,
        series.scope
)

select
    judged.target_id,
    units.unit_id,
    parts.value,
    parts.value / nullif(judged.value, 0) as share,
    parts.recent_per_month::double as recent_per_month,
    case when judged.additive then coalesce(parts.status, 'M') end as status,
    judged.additive
from judged
cross join units
left join parts
    on judged.target_id = parts.target_id and units.unit_id = parts.unit_id
where $unit_id::varchar is null or units.unit_id = $unit_id::varchar
order by judged.sort, judged.target_id, units.unit_id
