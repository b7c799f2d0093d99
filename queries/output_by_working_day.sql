-- One row per period of labeling: accepted items, and how many on each working day.
-- $combine: jan_feb makes January and February one period (the Spring Festival moves between
-- them); months without it. $from_month, $to_month: first and last month; $unit_id: unit;
-- $modality: modality.
-- month, last_month: the period. A unit counts when it reported every month of the period.
-- per_day: of a unit over the working days that it covered. mom_*
-- against the period before, yoy_* against the same months of the year before, both only over
-- units that have both whole: *_per_day what they did, *_per_day_before what they had done.
-- announced: false where the arrangement of the days off is not known yet.
with unit_output as (
    select
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        unit_months.whole,
        unit_months.days_due,
        unit_months.days_covered,
        case
            when $combine::varchar = 'jan_feb' and month(unit_months.month) = 2
                then (unit_months.month - interval 1 month)::date
            else unit_months.month
        end as period,
        case
            when unit_months.reported and count(output_monthly.unit_id) = 0 then 0
            else sum(output_monthly.accepted)
        end as accepted
    from unit_months
    left join output_monthly
        on
            unit_months.month = output_monthly.month
            and unit_months.unit_id = output_monthly.unit_id
            and ($modality::varchar is null or output_monthly.modality = $modality::varchar)
    where $unit_id::varchar is null or unit_months.unit_id = $unit_id::varchar
    group by
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        unit_months.whole,
        unit_months.days_due,
        unit_months.days_covered,
        unit_months.reported
),

unit_periods as (
    select
        period,
        unit_id,
        min(month) as first_month,
        max(month) as last_month,
        bool_and(status = 'A') as final,
        bool_and(whole) as whole,
        sum(days_due) as days_due,
        sum(days_covered) as days_covered,
        case when bool_and(accepted is not null) then sum(accepted) end as accepted
    from unit_output
    group by period, unit_id
),

periods as (
    select
        unit_periods.period,
        min(unit_periods.first_month) as first_month,
        max(unit_periods.last_month) as last_month,
        lag(unit_periods.period) over (order by unit_periods.period) as period_before
    from unit_periods
    group by unit_periods.period
),

days as (
    select
        periods.period,
        periods.first_month,
        periods.last_month,
        periods.period_before,
        case
            when
                count(working_days.month)
                = datediff('month', periods.first_month, periods.last_month) + 1
                then sum(working_days.working_days)
        end::bigint as working_days,
        bool_and(working_days.announced) as announced
    from periods
    left join working_days
        on working_days.month between periods.first_month and periods.last_month
    group by
        periods.period, periods.first_month, periods.last_month, periods.period_before
),

compared as (
    select
        now.period,
        bases.against,
        count(*)::bigint as units,
        sum(mine.accepted)::double / nullif(any_value(now.working_days), 0) as per_day,
        sum(theirs.accepted)::double / nullif(any_value(base.working_days), 0) as per_day_before
    from days as now
    cross join (values ('mom'), ('yoy')) as bases (against)
    inner join days as base
        on
            base.period = case bases.against
                when 'mom' then now.period_before
                else (now.period - interval 1 year)::date
            end
            -- The same months of the year, or else half a festival is compared with a whole one.
            and (
                bases.against = 'mom'
                or (
                    base.first_month = (now.first_month - interval 1 year)::date
                    and base.last_month = (now.last_month - interval 1 year)::date
                )
            )
    inner join unit_periods as mine on now.period = mine.period
    inner join unit_periods as theirs
        on base.period = theirs.period and mine.unit_id = theirs.unit_id
    where mine.whole and theirs.whole and mine.accepted is not null and theirs.accepted is not null
    group by now.period, bases.against
),

totals as (
    select
        period,
        sum(accepted)::bigint as accepted,
        -- What a whole period would hold at the pace of the days that each unit covered.
        sum(accepted * days_due / nullif(days_covered, 0)) as at_pace,
        count(accepted)::bigint as units_reported,
        count(*)::bigint as units_due,
        case
            when count(accepted) = 0 then 'M'
            when bool_and(final) then 'A'
            else 'P'
        end as status
    from unit_periods
    group by period
)

select
    days.first_month as month,
    days.last_month,
    totals.accepted,
    days.working_days,
    totals.at_pace / nullif(days.working_days, 0)::double as per_day,
    mom.per_day as mom_per_day,
    mom.per_day_before as mom_per_day_before,
    coalesce(mom.units, 0)::bigint as mom_units,
    yoy.per_day as yoy_per_day,
    yoy.per_day_before as yoy_per_day_before,
    coalesce(yoy.units, 0)::bigint as yoy_units,
    coalesce(days.announced, false) as announced,
    totals.units_reported,
    totals.units_due,
    totals.status
from days
inner join totals on days.period = totals.period
left join compared as mom on days.period = mom.period and mom.against = 'mom'
left join compared as yoy on days.period = yoy.period and yoy.against = 'yoy'
where
    ($from_month::date is null or days.last_month >= $from_month::date)
    and ($to_month::date is null or days.first_month <= $to_month::date)
order by days.first_month
