-- One row per target: where it stands and where it should stand today (序时进度).
-- $to_month: as at this month (the newest without it); $unit_id: targets of a unit;
-- $plan: whose target; $target_id, $indicator_id: only that one.
-- value is the newest one up to then, value_month its month. state: achieved, on_schedule,
-- behind, far_behind, incomplete (a missing return could turn the light), not_stated, no_value,
-- not_begun (before its start, or the plan contradicts itself); suppressed where the reader may
-- not see it. How the numbers are made: build/48_judgement, build/50_target_progress.
-- arrival_p10, p50, p90: months by which a tenth, half and nine tenths of the forecast's paths
-- have arrived, NULL after forecast_to; probability: that the target is met when it is due.
-- arrival_state says why they are there or not: forecast, arrived, past_due, too_early (under 18
-- observed months, few changes, or a step within six months), incomplete, not_begun, not_stated,
-- no_value, suppressed, earlier_month (forecasts are made for the newest one).
-- lead_office and supporting_offices: as assigned last in the case log, else the plan's.
with as_at as (
    select max(as_at) as month
    from target_progress
    where $to_month::date is null or as_at <= $to_month::date
),

supporting as (
    select
        assigned.target_id,
        string_agg(offices.name_zh, '、' order by offices.sort) as names_zh,
        string_agg(offices.name_en, ', ' order by offices.sort) as names_en
    from case_offices as assigned
    inner join offices
        on list_contains(string_split(assigned.supporting_offices, '|'), offices.office_id)
    group by assigned.target_id
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
    progress.growth_ratio,
    arrivals.p10 as arrival_p10,
    arrivals.p50 as arrival_p50,
    arrivals.p90 as arrival_p90,
    arrivals.probability,
    coalesce(arrivals.state, 'earlier_month') as arrival_state,
    arrivals.observed_months,
    arrivals.forecast_to,
    arrivals.model as forecast_model,
    arrivals.baseline_probability,
    targets.sentence_zh,
    targets.sentence_en,
    targets.source,
    assigned.lead_office as lead_office_id,
    assigned.supporting_offices as supporting_office_ids,
    coalesce(leads.name_zh, targets.lead_office) as lead_office_zh,
    coalesce(leads.name_en, targets.lead_office) as lead_office_en,
    coalesce(supporting.names_zh, targets.supporting_offices) as supporting_offices_zh,
    coalesce(supporting.names_en, targets.supporting_offices) as supporting_offices_en
from targets
inner join indicators on targets.indicator_id = indicators.indicator_id
inner join as_at on true
inner join target_progress as progress
    on targets.target_id = progress.target_id and as_at.month = progress.as_at
left join arrivals
    on targets.target_id = arrivals.target_id and as_at.month >= arrivals.as_at
left join case_offices as assigned on targets.target_id = assigned.target_id
left join offices as leads on assigned.lead_office = leads.office_id
left join supporting on targets.target_id = supporting.target_id
where
    ($unit_id::varchar is null or targets.scope = $unit_id::varchar)
    and ($plan::varchar is null or targets.plan = $plan::varchar)
    and ($target_id::varchar is null or targets.target_id = $target_id::varchar)
    and (
        $indicator_id::varchar is null
        or targets.indicator_id = $indicator_id::varchar
    )
order by targets.sort, targets.target_id
