-- One row per target and month from which its forecast is made: the months of its indicator up
-- to the newest complete one with a value.
-- value: as observed, NULL where it is missing or where fewer units reported than in half of the
-- months (a unit missing is not a fall). so_far: what is held against the target, a flow added
-- up from the target's start. Quarterly indicators have the last month of each quarter only.
with complete as (
    select
        targets.target_id,
        targets.start,
        targets.due,
        indicators.kind,
        series.month,
        series.value,
        coalesce(series.units_reported, 0) as units_reported
    from targets
    inner join indicators on targets.indicator_id = indicators.indicator_id
    inner join indicator_monthly as series
        on
            targets.indicator_id = series.indicator_id
            and targets.scope = series.scope
    left join months on series.month = months.month
    where not coalesce(months.running, false)
),

known as (
    select
        *,
        quantile_disc(units_reported, 0.5) filter (where value is not null)
            over (partition by target_id) as usual_units,
        max(month) filter (where value is not null) over (partition by target_id)
            as last_month,
        min(month) filter (where value is not null) over (partition by target_id)
            as first_month
    from complete
)

select
    target_id,
    month,
    case when units_reported >= usual_units then value end::double as value,
    case kind
        when 'flow'
            then coalesce(
                sum(value::decimal(38, 9)) filter (
                    where month between date_trunc('month', start) and due
                ) over (partition by target_id order by month),
                0
            )::double
        else value
    end::double as so_far
from known
where month between first_month and last_month
order by target_id, month
