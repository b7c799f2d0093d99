-- One row per target: how it stands now and whether it will be met in time, the worse first.
-- $to_month: as at this month (the newest without it); $unit_id: targets of a unit;
-- $plan: whose target; $target_id, $indicator_id: only that one.
-- progress: met, on_schedule, behind, far_behind, incomplete (a missing return could turn the
-- light, or no value yet), not_begun, not_stated; suppressed where the reader may not see it.
-- outlook: likely (from 80% on), uncertain, unlikely (below 20%), or the reason why no
-- probability is given: met, too_early, past_due, earlier_month (forecasts are made for the
-- newest month), incomplete, not_begun, not_stated, suppressed. reason: that reason alone.
-- probability is given from 5% to 95%; probability_low and probability_high are the bounds that
-- it stands for. worse: the light of the worse of the two; leads says which; state is its word.
-- expected_now: what should be there by now; needed_per_month: from now to the due date. Both
-- are whole where things are counted. catch_up: needed over recent pace, from exact numbers.
-- owner_zh, owner_en: lead office as assigned last in the case log, else the plan's.
-- heading_for: a sum that has a limit, at its pace so far, when due.
with as_at as (
    select max(as_at) as month
    from target_progress
    where $to_month::date is null or as_at <= $to_month::date
),

standing as (
    select
        progress.* exclude (state),
        case progress.state
            when 'achieved' then 'met'
            when 'no_value' then 'incomplete'
            else progress.state
        end as progress,
        arrivals.outlook as expected,
        arrivals.probability
    from target_progress as progress
    inner join as_at on progress.as_at = as_at.month
    left join arrivals
        on progress.target_id = arrivals.target_id and progress.as_at >= arrivals.as_at
),

outlooks as (
    select
        *,
        case
            when progress in ('incomplete', 'not_begun', 'not_stated', 'suppressed')
                then progress
            else coalesce(expected, 'earlier_month')
        end as outlook
    from standing
),

lights as (
    select
        *,
        case outlook
            when 'likely' then 'green'
            when 'met' then 'green'
            when 'uncertain' then 'yellow'
            when 'unlikely' then 'red'
            when 'past_due' then light
            else 'none'
        end as outlook_light
    from outlooks
),

ranked as (
    select
        *,
        list_position(['none', 'green', 'yellow', 'red'], outlook_light)
        > list_position(['none', 'green', 'yellow', 'red'], light)
            as outlook_is_worse
    from lights
),

combined as (
    select
        *,
        if(outlook_is_worse, outlook_light, light) as worse,
        if(outlook_is_worse, outlook, progress) as state
    from ranked
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
    indicators.countable,
    targets.plan,
    targets.operator,
    combined.progress,
    combined.light as progress_light,
    combined.outlook,
    combined.outlook_light,
    combined.worse,
    if(combined.outlook_is_worse, 'outlook', 'progress') as leads,
    combined.state,
    case
        when combined.outlook in ('likely', 'uncertain', 'unlikely')
            then combined.probability
    end as probability,
    case
        when combined.outlook in ('likely', 'uncertain', 'unlikely')
            then if(combined.probability <= 0.05, 0, combined.probability)
    end::double as probability_low,
    case
        when combined.outlook in ('likely', 'uncertain', 'unlikely')
            then if(combined.probability >= 0.95, 1, combined.probability)
    end::double as probability_high,
    case
        when combined.outlook not in ('likely', 'uncertain', 'unlikely')
            then combined.outlook
    end as reason,
    combined.value,
    combined.value_month,
    combined.status,
    combined.units_reported,
    combined.units_due,
    combined.missing_returns,
    targets.value as target,
    combined.method,
    combined.gap_pp,
    combined.expected_now,
    combined.heading_for,
    case
        when indicators.countable
            then
                ceil(abs(combined.needed_per_month) - 1e-9) * sign(combined.needed_per_month)
        else combined.needed_per_month
    end::double as needed_per_month,
    combined.recent_per_month,
    combined.catch_up,
    targets.due,
    coalesce(leads.name_zh, targets.lead_office) as owner_zh,
    coalesce(leads.name_en, targets.lead_office) as owner_en
from combined
inner join targets on combined.target_id = targets.target_id
inner join indicators on targets.indicator_id = indicators.indicator_id
left join case_offices as assigned on targets.target_id = assigned.target_id
left join offices as leads on assigned.lead_office = leads.office_id
where
    ($unit_id::varchar is null or targets.scope = $unit_id::varchar)
    and ($plan::varchar is null or targets.plan = $plan::varchar)
    and ($target_id::varchar is null or targets.target_id = $target_id::varchar)
    and (
        $indicator_id::varchar is null
        or targets.indicator_id = $indicator_id::varchar
    )
order by
    case
        when combined.state = 'not_stated' then 8
        when combined.state = 'not_begun' then 7
        when combined.state = 'suppressed' then 6
        when combined.worse = 'red' then 1
        when combined.worse = 'yellow' then 2
        when combined.progress = 'incomplete' then 3
        when combined.progress = 'met' then 5
        else 4
    end,
    case
        when combined.outlook in ('likely', 'uncertain', 'unlikely')
            then combined.probability
    end nulls last,
    combined.gap_pp nulls last,
    targets.sort,
    targets.target_id
