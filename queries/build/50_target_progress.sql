-- One row per target and month of the data as at which it is judged: where it stands and where
-- it should stand then (序时进度), by the methods of the table `judgement`.
-- A flow is added up from the target's start. schedule, final: done_share = (value - baseline) /
-- (goal - baseline), a baseline that is not stated being 0, one more than the number being the
-- goal where a count has to exceed it; gap_pp is done_share against time_share, and a month still
-- running counts by its days; a rate of labeling is that of the last month that is over. level:
-- gap_pp is value minus target in percentage points (turned round for an upper limit). limit,
-- heading, total: gap_pp is what is left of the limit, in per cent of it; heading_for is the sum
-- at its pace so far, at the due date.
-- What has no schedule is yellow as long as it is not met, red below the yellow threshold; a sum
-- beyond its limit is red for good, and is met on its due date at the earliest.
-- state incomplete: a return is missing that could turn the light; not_begun: before its start,
-- or the plan contradicts itself. Neither has a gap, a need or a light.
-- growth_ratio: growth a year so far over the growth a year that the target asks for, only where
-- it asks for more than a fifth a year from a stated baseline above 0.
with wanted as (
    select
        targets.target_id,
        targets.indicator_id,
        targets.scope,
        targets.operator,
        targets.value as target,
        targets.baseline,
        targets.start,
        targets.due,
        indicators.kind,
        indicators.source,
        indicators.countable,
        indicators.kind in ('growth', 'ratio') as is_rate,
        judgement.until_due,
        judgement.after_due,
        case when indicators.kind <> 'flow' then coalesce(targets.baseline, 0) else 0 end
            as from_value,
        targets.value
        + (
            targets.operator = 'exceed'
            and indicators.countable
            and targets.value = round(targets.value)
        )::integer as goal,
        case when indicators.source = 'enterprise_quarterly' then 1 else 3 end
            as values_in_three_months
    from targets
    inner join indicators on targets.indicator_id = indicators.indicator_id
    inner join judgement
        on
            targets.operator = judgement.operator
            and indicators.kind = judgement.kind
            and judgement.side
            = case targets.operator
                when 'reach'
                    then if(targets.baseline >= targets.value, 'there', 'short')
                when 'exceed'
                    then if(targets.baseline > targets.value, 'there', 'short')
                else if(targets.baseline > targets.value, 'short', 'there')
            end
),

as_at_months as (
    select
        month,
        running
    from months
    union all
    select distinct
        month,
        false as running
    from indicator_monthly
    where month not in (select month from months)
),

-- Every month with a value, a flow as the sum since the start.
observed as (
    select
        wanted.target_id,
        series.month,
        series.value,
        case wanted.kind
            when 'flow'
                then sum(series.value::decimal(38, 9)) over (
                    partition by wanted.target_id order by series.month
                )::double
            else series.value
        end as so_far,
        series.status,
        series.units_reported,
        series.units_due
    from wanted
    inner join indicator_monthly as series
        on
            wanted.indicator_id = series.indicator_id
            and wanted.scope = series.scope
    where
        series.value is not null
        and (
            wanted.kind <> 'flow'
            or series.month between date_trunc('month', wanted.start) and wanted.due
        )
),

latest as (
    select
        as_at_months.month as as_at,
        observed.target_id,
        -- A rate of a month that is still running is judged by the month before.
        case
            when any_value(wanted.is_rate) and any_value(wanted.source) = 'labeling_daily'
                then max(observed.month) filter (where not coalesce(months.running, false))
            else max(observed.month)
        end as value_month,
        max(observed.month) filter (where not coalesce(months.running, false))
            as complete_month
    from as_at_months
    inner join observed on as_at_months.month >= observed.month
    inner join wanted on observed.target_id = wanted.target_id
    left join months on observed.month = months.month
    group by as_at_months.month, observed.target_id
),

-- The mean change of the last three complete months; NULL where one is missing, or where more
-- or fewer units are in it at the end than at the start.
recent as (
    select
        latest.as_at,
        wanted.target_id,
        case
            when wanted.is_rate then null
            when
                wanted.kind <> 'flow'
                and count(distinct coalesce(observed.units_reported, 0)) filter (
                    where
                    observed.month in (
                        latest.complete_month,
                        (latest.complete_month - interval 3 month)::date
                    )
                ) > 1
                then null
            when wanted.kind <> 'flow'
                then max(observed.value) filter (
                    where observed.month = latest.complete_month
                )
                - max(observed.value) filter (
                    where observed.month = latest.complete_month - interval 3 month
                )
            when
                count(*) filter (
                    where observed.month > latest.complete_month - interval 3 month
                )
                = wanted.values_in_three_months
                then sum(observed.value) filter (
                    where observed.month > latest.complete_month - interval 3 month
                )
        end
        / 3 as recent_per_month
    from latest
    inner join wanted on latest.target_id = wanted.target_id
    inner join observed
        on
            latest.target_id = observed.target_id
            and latest.complete_month >= observed.month
    group by
        latest.as_at,
        wanted.target_id,
        wanted.is_rate,
        wanted.kind,
        wanted.values_in_three_months
),

-- Units that once were in the indicator: only their missing return can turn its light.
contributing as (
    select
        wanted.target_id,
        wanted.source,
        wanted.kind,
        wanted.start,
        series.scope as unit_id,
        min(series.month) as month
    from wanted
    inner join indicator_monthly as series
        on
            series.indicator_id
            = case wanted.kind when 'growth' then 'labeling_revenue' else wanted.indicator_id end
            and series.scope <> 'city'
            and wanted.scope in ('city', series.scope)
    where series.value <> 0
    group by wanted.target_id, wanted.source, wanted.kind, wanted.start, series.scope
),

returned as (
    select distinct
        'labeling_daily' as kind,
        month
    from output_monthly
    union all
    select distinct
        'workforce_monthly' as kind,
        month
    from workforce_monthly
    union all
    select distinct
        'enterprise_quarterly' as kind,
        month
    from enterprise_quarterly
),

newest_returns as (
    select
        as_at_months.month as as_at,
        returned.kind,
        max(returned.month) as month
    from as_at_months
    inner join returned on as_at_months.month >= returned.month
    group by as_at_months.month, returned.kind
),

missing as (
    select
        newest_returns.as_at,
        contributing.target_id,
        count(*) as returns,
        max(newest_returns.month) as newest_month
    from contributing
    inner join missing_returns
        on
            contributing.source = missing_returns.kind
            and contributing.unit_id = missing_returns.unit_id
            and contributing.month <= missing_returns.month
    inner join newest_returns on contributing.source = newest_returns.kind
    where
        missing_returns.month = newest_returns.month
        or (
            contributing.kind = 'flow'
            and missing_returns.month
            between date_trunc('month', contributing.start) and newest_returns.month
        )
    group by newest_returns.as_at, contributing.target_id
),

measured as (
    select
        wanted.*,
        as_at_months.month as as_at,
        observed.so_far as value,
        observed.month as value_month,
        observed.status,
        observed.units_reported,
        observed.units_due,
        recent.recent_per_month,
        coalesce(missing.returns, 0) as missing_returns,
        wanted.kind <> 'flow' and missing.newest_month > observed.month as outdated,
        coalesce(
            observed.month, least(as_at_months.month, (select max(month) from months))
        ) as at_month,
        case wanted.operator
            when 'reach' then observed.so_far >= wanted.target
            when 'exceed' then observed.so_far > wanted.target
            when 'at_most' then observed.so_far <= wanted.target
        end as reached
    from wanted
    cross join as_at_months
    left join latest
        on as_at_months.month = latest.as_at and wanted.target_id = latest.target_id
    left join observed
        on latest.value_month = observed.month and latest.target_id = observed.target_id
    left join recent
        on as_at_months.month = recent.as_at and wanted.target_id = recent.target_id
    left join missing
        on as_at_months.month = missing.as_at and wanted.target_id = missing.target_id
),

timed as (
    select
        measured.*,
        datediff('month', measured.at_month, measured.due) as months_left,
        (
            datediff('month', measured.start, measured.at_month)
            + case
                when as_at_months.running
                    then
                        day(snapshot_info.cut_off)
                        / day(last_day(snapshot_info.cut_off))::double
                else 1
            end
        )
        / (datediff('month', measured.start, measured.due) + 1)::double as time_passed,
        (datediff('month', measured.start, measured.due) + 1) / 12.0::double as years
    from measured
    cross join snapshot_info
    left join as_at_months on measured.at_month = as_at_months.month
),

shares as (
    select
        *,
        if(months_left <= 0, after_due, until_due) as method,
        greatest(least(time_passed, 1), 0) as time_in_term,
        case
            when until_due = 'schedule' then (value - from_value) / nullif(goal - from_value, 0)
            when until_due = 'level' and operator = 'at_most' then target / nullif(value, 0)
            when until_due = 'level' then value / nullif(target, 0)
            when until_due = 'limit' then target / nullif(value, 0)
        end as done,
        case
            when until_due = 'heading' and months_left <= 0 then value
            when until_due = 'heading' and time_passed > 0
                then from_value + (value - from_value) / least(time_passed, 1)
        end as heading_for
    from timed
),

-- Rounded so that a gap exactly on a threshold is on it.
gaps as (
    select
        *,
        round(
            100 * case
                when method in ('schedule', 'final') then done - time_in_term
                when method = 'level' and operator = 'at_most' then target - value
                when method = 'level' then value - target
                when method = 'limit' then (target - value) / nullif(abs(target), 0)
                when method in ('heading', 'total')
                    then (target - heading_for) / nullif(abs(target), 0)
            end,
            6
        ) as gap
    from shares
),

states as (
    select
        gaps.*,
        case
            when gaps.target is null then 'not_stated'
            when gaps.method = 'refused' then 'not_begun'
            when gaps.as_at < date_trunc('month', gaps.start) then 'not_begun'
            when gaps.value is null then 'no_value'
            when gaps.method = 'heading' and not gaps.reached then 'far_behind'
            -- A part of a sum that is enough, or too much for its limit, stays so.
            when
                gaps.missing_returns > 0
                and (
                    gaps.is_rate
                    or gaps.outdated
                    or gaps.reached = (gaps.operator = 'at_most')
                    or (gaps.operator = 'at_most' and gaps.method = 'schedule')
                )
                then 'incomplete'
            when gaps.reached and gaps.method <> 'heading' then 'achieved'
            when gaps.method = 'total' or gaps.gap < plan.light_yellow then 'far_behind'
            when gaps.method = 'schedule' and gaps.gap >= plan.light_green then 'on_schedule'
            when gaps.method = 'heading' and gaps.gap >= 0 then 'on_schedule'
            else 'behind'
        end as state
    from gaps
    cross join plan
),

needs as (
    select
        *,
        state not in ('not_stated', 'no_value', 'incomplete', 'not_begun') as judged,
        case
            when until_due <> 'schedule' then null
            when reached then 0
            else (goal - value) / nullif(greatest(months_left, 0), 0)
        end::double as needed,
        case
            when
                baseline > 0
                and value >= 0
                and time_passed > 0
                and kind in ('stock', 'cumulative', 'capacity')
                then pow(value / baseline, 1 / (years * time_passed)) - 1
        end as growth_so_far,
        case
            when baseline > 0 and target > baseline
                then pow(target / baseline, 1 / years) - 1
        end as growth_asked
    from states
)

select
    target_id,
    as_at,
    value::double as value,
    value_month,
    status,
    units_reported,
    units_due,
    missing_returns::bigint as missing_returns,
    method,
    case when until_due = 'schedule' then from_value end::double as baseline_used,
    goal::double as goal,
    case when judged then done end::double as done_share,
    case when until_due = 'schedule' then time_in_term end::double as time_share,
    case when judged then gap end::double as gap_pp,
    case state
        when 'achieved' then 'green'
        when 'on_schedule' then 'green'
        when 'behind' then 'yellow'
        when 'far_behind' then 'red'
        else 'none'
    end as light,
    state,
    case when judged then needed end as needed_per_month,
    recent_per_month::double as recent_per_month,
    case
        when judged and needed / nullif(recent_per_month, 0) >= 0
            then needed / nullif(recent_per_month, 0)
    end::double as catch_up,
    case when judged and growth_asked > 0.2 then growth_so_far / growth_asked end::double
        as growth_ratio,
    case when judged then heading_for end::double as heading_for,
    case
        when until_due = 'schedule' and countable and goal >= from_value
            then floor(from_value + (goal - from_value) * time_in_term + 1e-9)
        when until_due = 'schedule' and countable
            then ceil(from_value + (goal - from_value) * time_in_term - 1e-9)
        when until_due = 'schedule'
            then from_value + (goal - from_value) * time_in_term
        when until_due in ('level', 'limit') then target
        when until_due = 'heading' then target * time_in_term
    end::double as expected_now
from needs
order by target_id, as_at
