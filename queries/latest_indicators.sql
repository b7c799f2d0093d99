-- One row per indicator: its newest row up to a month, the period before and the same month a
-- year before. Not reported then is NULL with status M: nothing is carried forward.
-- $to_month: as at this month (the opening month without it); $scope: city (without it)
-- or a unit.
with as_at as (
    select coalesce($to_month::date, month) as month
    from opening_month
),

series as (
    select
        indicator_monthly.indicator_id,
        indicator_monthly.month,
        indicator_monthly.value,
        indicator_monthly.status,
        indicator_monthly.units_reported,
        indicator_monthly.units_due,
        lag(indicator_monthly.value) over before as previous_value,
        lag(indicator_monthly.status) over before as previous_status,
        lag(indicator_monthly.month) over before as previous_month
    from indicator_monthly
    cross join as_at
    where
        indicator_monthly.scope = coalesce($scope::varchar, 'city')
        and indicator_monthly.month <= as_at.month
    window
        before as (
            partition by indicator_monthly.indicator_id
            order by indicator_monthly.month
        )
),

newest as (
    select *
    from series
    qualify row_number() over (partition by indicator_id order by month desc) = 1
)

select
    indicators.indicator_id,
    indicators.name_zh,
    indicators.name_en,
    indicators.unit_zh,
    indicators.unit_en,
    indicators.kind,
    indicators.better,
    newest.month,
    newest.value,
    newest.status,
    newest.units_reported,
    newest.units_due,
    newest.previous_month,
    newest.previous_value,
    newest.previous_status,
    year_before.month as year_before_month,
    year_before.value as year_before_value,
    year_before.status as year_before_status
from indicators
left join newest on indicators.indicator_id = newest.indicator_id
left join series as year_before
    on
        newest.indicator_id = year_before.indicator_id
        and year_before.month = (newest.month - interval 1 year)::date
order by indicators.sort, indicators.indicator_id
