-- One row per flow of labeling and January or February that a movable holiday distorts: of the
-- weekdays off of a holiday (the Spring Festival) another share lies in January than a year before.
-- $month: month; $unit_id: unit (without it the city); $modality: modality; $indicator_id: flow.
-- Both months are compared together once February is there. current, previous: January and
-- February over the units_compared that have all four months whole; per_day, per_day_before: the
-- same on a working day, against the December before over the units_per_day that have these
-- three months whole. NULL in January, and where nobody can be compared.
with off as (
    select
        year(date) as year,
        holiday_zh,
        any_value(holiday_en) as holiday_en,
        count(*) filter (where month(date) = 1) / count(*) as in_january
    from days
    where month(date) <= 2 and not works and isodow(date) <= 5 and holiday_zh is not null
    group by year(date), holiday_zh
),

moved as (
    select
        now.year,
        string_agg(now.holiday_zh, '、' order by now.holiday_zh) as holiday_zh,
        string_agg(now.holiday_en, ', ' order by now.holiday_zh) as holiday_en
    from off as now
    inner join off as before
        on now.holiday_zh = before.holiday_zh and now.year = before.year + 1
    where now.in_january <> before.in_january
    group by now.year
),

flows as (
    select
        output_monthly.month,
        output_monthly.unit_id,
        flow.indicator_id,
        sum(flow.value) as value
    from output_monthly
    cross join
        lateral (
            values
            ('items_accepted', output_monthly.accepted::decimal(38, 9)),
            ('items_annotated', output_monthly.items::decimal(38, 9)),
            ('annotated_volume', output_monthly.volume_gb::decimal(38, 9) / 1000)
        ) as flow (indicator_id, value)
    where $modality::varchar is null or output_monthly.modality = $modality::varchar
    group by output_monthly.month, output_monthly.unit_id, flow.indicator_id
),

unit_values as (
    select
        unit_months.month,
        year(unit_months.month) as year,
        month(unit_months.month) as month_of_year,
        unit_months.unit_id,
        flow.indicator_id,
        case
            when not unit_months.whole then null
            when flow.indicator_id = 'annotated_volume' then flows.value
            else coalesce(flows.value, 0)
        end as value
    from unit_months
    cross join (
        values ('items_accepted'), ('items_annotated'), ('annotated_volume')
    ) as flow (indicator_id)
    left join flows
        on
            unit_months.month = flows.month
            and unit_months.unit_id = flows.unit_id
            and flow.indicator_id = flows.indicator_id
    where $unit_id::varchar is null or unit_months.unit_id = $unit_id::varchar
),

unit_years as (
    select
        year,
        unit_id,
        indicator_id,
        case
            when count(value) filter (where month_of_year <= 2) = 2
                then sum(value) filter (where month_of_year <= 2)
        end as value,
        any_value(value) filter (where month_of_year = 12) as december
    from unit_values
    group by year, unit_id, indicator_id
),

sums as (
    select
        now.year,
        now.indicator_id,
        sum(now.value) filter (where before.value is not null) as current,
        sum(before.value) filter (where now.value is not null) as previous,
        count(*) filter (where now.value is not null and before.value is not null)
            as units_compared,
        sum(now.value) filter (where before.december is not null) as now_of_december,
        sum(before.december) filter (where now.value is not null) as december,
        count(*) filter (where now.value is not null and before.december is not null)
            as units_per_day
    from unit_years as now
    left join unit_years as before
        on
            now.year = before.year + 1
            and now.unit_id = before.unit_id
            and now.indicator_id = before.indicator_id
    group by now.year, now.indicator_id
),

month_days as (
    select
        year(month) as year,
        sum(working_days) filter (where month(month) <= 2) as both_months,
        sum(working_days) filter (where month(month) = 12) as december
    from working_days
    group by year(month)
)

select
    flows_of_month.indicator_id,
    flows_of_month.month,
    moved.holiday_zh,
    moved.holiday_en,
    case when month(flows_of_month.month) = 2 then sums.current end::double as current,
    case when month(flows_of_month.month) = 2 then sums.previous end::double as previous,
    case when month(flows_of_month.month) = 2 then sums.units_compared else 0 end::bigint
        as units_compared,
    case
        when month(flows_of_month.month) = 2
            then sums.now_of_december / nullif(now_days.both_months, 0)
    end::double as per_day,
    case
        when month(flows_of_month.month) = 2 then sums.december / nullif(before_days.december, 0)
    end::double as per_day_before,
    case when month(flows_of_month.month) = 2 then sums.units_per_day else 0 end::bigint
        as units_per_day
from (
    select distinct
        month,
        year,
        indicator_id
    from unit_values
    where month_of_year <= 2
) as flows_of_month
inner join moved on flows_of_month.year = moved.year
left join sums
    on
        flows_of_month.year = sums.year
        and flows_of_month.indicator_id = sums.indicator_id
left join month_days as now_days on flows_of_month.year = now_days.year
left join month_days as before_days on flows_of_month.year = before_days.year + 1
where
    ($month::date is null or flows_of_month.month = $month::date)
    and (
        $indicator_id::varchar is null
        or flows_of_month.indicator_id = $indicator_id::varchar
    )
order by flows_of_month.indicator_id, flows_of_month.month
