-- One row per target: where it stands and where it should stand today (序时进度).
-- $to_month: as at this month (the newest without it); $unit_id: targets of a unit;
-- $plan: whose target; $target_id, $indicator_id: only that one.
-- value is the newest one up to then, value_month its month. state: achieved, on_schedule,
-- behind, far_behind, not_stated, no_value. How the numbers are made: build/50_target_progress.
-- arrival_* and probability are NULL: no forecast is published yet.
with as_at as (
    select max(as_at) as month
    from target_progress
    where $to_month::date is null or as_at <= $to_month::date
)

select
    targets.target_id,
    targets.indicator_id,
    targets.scope,
    indicators.name_zh,
    indicators.name_en,
    indicators.unit_zh,
    indicators.unit_en,
    indicators.kind,
    indicators.better,
    targets.plan,
    targets.operator,
    targets.value as target,
    targets.value is not null as stated,
    progress.value,
    progress.value_month,
    progress.status,
    progress.units_reported,
    progress.units_due,
    progress.baseline_used as baseline,
    targets.baseline is not null as baseline_stated,
    targets.baseline_on,
    targets.start,
    targets.due,
    progress.done_share,
    progress.time_share,
    progress.gap_pp,
    progress.light,
    progress.state,
    progress.needed_per_month,
    progress.recent_per_month,
    progress.catch_up,
    null::date as arrival_p10,
    null::date as arrival_p50,
    null::date as arrival_p90,
    null::double as probability,
    targets.sentence_zh,
    targets.sentence_en,
    targets.source,
    targets.lead_office,
    targets.supporting_offices
from targets
inner join indicators on targets.indicator_id = indicators.indicator_id
inner join as_at on true
inner join target_progress as progress
    on targets.target_id = progress.target_id and as_at.month = progress.as_at
where
    ($unit_id::varchar is null or targets.scope = $unit_id::varchar)
    and ($plan::varchar is null or targets.plan = $plan::varchar)
    and ($target_id::varchar is null or targets.target_id = $target_id::varchar)
    and (
        $indicator_id::varchar is null
        or targets.indicator_id = $indicator_id::varchar
    )
order by targets.sort, targets.target_id
