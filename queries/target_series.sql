-- One row per target and month: what was observed and what the schedule asked for (序时线).
-- $target_id: one target; $to_month: observed up to this month (scheduled values go on to the
-- due date).
-- day: the last day of the month, the cut-off in a month still running. value as judged then: a
-- flow added up from the target's start. status M: a value was due and is missing; NULL: none
-- was due, or the month is still to come. scheduled: on the straight line from the baseline on
-- the day before the start (0 where none is stated) to the target when it is due (one more than
-- the number that a count has to exceed); NULL outside
-- that term, for a target that is not stated and for one that is compared as it stands.
with terms as (
    select
        targets.target_id,
        targets.indicator_id,
        targets.scope,
        targets.operator,
        targets.value as target,
        date_trunc('month', targets.start)::date as first_month,
        date_trunc('month', targets.due)::date as last_month,
        any_value(progress.baseline_used) as baseline,
        any_value(progress.goal) as goal
    from targets
    inner join target_progress as progress on targets.target_id = progress.target_id
    where $target_id::varchar is null or targets.target_id = $target_id::varchar
    group by all
),

observed as (
    select
        terms.target_id,
        series.month,
        case when progress.value_month = series.month then progress.value end as value,
        case
            when progress.value_month = series.month then progress.status
            else 'M'
        end as status,
        series.units_reported,
        series.units_due
    from terms
    inner join indicator_monthly as series
        on terms.indicator_id = series.indicator_id and terms.scope = series.scope
    inner join indicators on terms.indicator_id = indicators.indicator_id
    left join target_progress as progress
        on terms.target_id = progress.target_id and series.month = progress.as_at
    where
        ($to_month::date is null or series.month <= $to_month::date)
        and (
            indicators.kind <> 'flow'
            or series.month between terms.first_month and terms.last_month
        )
),

calendar as (
    select
        target_id,
        unnest(
            generate_series(
                first_month - interval 1 month, last_month, interval 1 month
            )
        )::date as month
    from terms
    union
    select
        target_id,
        month
    from observed
),

dated as (
    select
        calendar.target_id,
        calendar.month,
        case
            when months.running then snapshot_info.cut_off
            else last_day(calendar.month)
        end as day,
        case
            when months.running
                then
                    day(snapshot_info.cut_off)
                    / day(last_day(snapshot_info.cut_off))::double
            else 1
        end as part_of_month,
        datediff('month', terms.first_month, calendar.month) as months_before
    from calendar
    inner join terms on calendar.target_id = terms.target_id
    cross join snapshot_info
    left join months on calendar.month = months.month
)

select
    dated.target_id,
    dated.month,
    dated.day::date as day,
    observed.value::double as value,
    observed.status,
    observed.units_reported,
    observed.units_due,
    case
        when dated.months_before >= -1 and dated.month <= terms.last_month
            then
                terms.baseline
                + (terms.goal - terms.baseline)
                * (dated.months_before + dated.part_of_month)
                / (datediff('month', terms.first_month, terms.last_month) + 1)
    end::double as scheduled,
    terms.target,
    terms.operator
from dated
inner join terms on dated.target_id = terms.target_id
left join observed
    on dated.target_id = observed.target_id and dated.month = observed.month
order by dated.target_id, dated.month
