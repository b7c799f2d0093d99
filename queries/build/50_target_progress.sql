-- One row per target and month of the data as at which it is judged: where it stands and where
-- it should stand then (序时进度).
-- A flow is added up from the target's start. Growth rates and other ratios, and an upper limit
-- without baseline, are compared as they stand: no time_share; gap_pp is then value minus
-- target in percentage points (turned round for an upper limit), and not reaching it is
-- yellow, or red when it falls short by more than the yellow threshold. Otherwise
-- done_share = (value - baseline) / (target - baseline), a baseline that is not stated being 0,
-- and a month still running counts by its days.
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
        indicators.kind in ('growth', 'ratio') as is_rate,
        indicators.kind in ('growth', 'ratio')
        or (targets.operator = 'at_most' and targets.baseline is null) as as_it_stands,
        case when indicators.source = 'enterprise_quarterly' then 1 else 3 end
            as values_in_three_months
    from targets
    inner join indicators on targets.indicator_id = indicators.indicator_id
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
        max(observed.month) as value_month,
        max(observed.month) filter (where not coalesce(months.running, false))
            as complete_month
    from as_at_months
    inner join observed on as_at_months.month >= observed.month
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
        coalesce(
            observed.month, least(as_at_months.month, (select max(month) from months))
        ) as at_month,
        case when not wanted.as_it_stands then coalesce(wanted.baseline, 0) end
            as baseline_used,
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
),

shares as (
    select
        measured.*,
        datediff('month', measured.at_month, measured.due) as months_left,
        case
            when measured.as_it_stands and measured.operator = 'at_most'
                then measured.target / nullif(measured.value, 0)
            when measured.as_it_stands then measured.value / nullif(measured.target, 0)
            else
                (measured.value - measured.baseline_used)
                / nullif(measured.target - measured.baseline_used, 0)
        end as done_share,
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

-- Rounded so that a gap exactly on a threshold is on it.
gaps as (
    select
        *,
        case when not as_it_stands then greatest(least(time_passed, 1), 0) end
            as time_share,
        round(
            100 * (
                done_share
                - case when as_it_stands then 1 else greatest(least(time_passed, 1), 0) end
            ),
            6
        ) as shortfall_pp
    from shares
),

lights as (
    select
        gaps.*,
        case
            when not gaps.is_rate then gaps.shortfall_pp
            when gaps.operator = 'at_most'
                then round(100 * (gaps.target - gaps.value), 6)
            else round(100 * (gaps.value - gaps.target), 6)
        end as gap_pp,
        case
            when gaps.reached then 'green'
            when gaps.shortfall_pp is null then 'none'
            when gaps.shortfall_pp < plan.light_yellow then 'red'
            when gaps.shortfall_pp < plan.light_green then 'yellow'
            -- What stands as it is, or is past its date, is not on schedule until reached.
            when gaps.as_it_stands or gaps.months_left <= 0 then 'yellow'
            else 'green'
        end as light,
        case
            when gaps.is_rate then null
            when gaps.reached then 0
            else (gaps.target - gaps.value) / nullif(greatest(gaps.months_left, 0), 0)
        end::double as needed_per_month,
        case
            when
                gaps.baseline > 0
                and gaps.value >= 0
                and gaps.time_passed > 0
                and gaps.kind in ('stock', 'cumulative', 'capacity')
                then pow(gaps.value / gaps.baseline, 1 / (gaps.years * gaps.time_passed)) - 1
        end as growth_so_far,
        case
            when gaps.baseline > 0 and gaps.target > gaps.baseline
                then pow(gaps.target / gaps.baseline, 1 / gaps.years) - 1
        end as growth_asked
    from gaps
    cross join plan
)

select
    target_id,
    as_at,
    value::double as value,
    value_month,
    status,
    units_reported,
    units_due,
    baseline_used::double as baseline_used,
    done_share::double as done_share,
    time_share::double as time_share,
    gap_pp::double as gap_pp,
    light,
    case
        when target is null then 'not_stated'
        when value is null then 'no_value'
        when reached then 'achieved'
        when light = 'green' then 'on_schedule'
        when light = 'red' then 'far_behind'
        else 'behind'
    end as state,
    needed_per_month,
    recent_per_month::double as recent_per_month,
    case
        when needed_per_month / nullif(recent_per_month, 0) >= 0
            then needed_per_month / nullif(recent_per_month, 0)
    end::double as catch_up,
    case when growth_asked > 0.2 then growth_so_far / growth_asked end::double as growth_ratio
from lights
order by target_id, as_at
