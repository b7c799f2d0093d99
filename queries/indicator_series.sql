-- One row per indicator, scope (city or a unit) and month with a value due.
-- $indicator_id: indicator; $scope: city or a unit; $from_month, $to_month: first and last month.
-- units_reported of units_due are in the value; NULL with status M where nobody reported.
select
    indicator_monthly.indicator_id,
    indicator_monthly.scope,
    indicator_monthly.month,
    indicators.kind,
    indicators.unit_zh,
    indicators.unit_en,
    indicator_monthly.value,
    indicator_monthly.status,
    indicator_monthly.units_reported,
    indicator_monthly.units_due
from indicator_monthly
inner join indicators on indicator_monthly.indicator_id = indicators.indicator_id
where
    (
        $indicator_id::varchar is null
        or indicator_monthly.indicator_id = $indicator_id::varchar
    )
    and ($scope::varchar is null or indicator_monthly.scope = $scope::varchar)
    and ($from_month::date is null or indicator_monthly.month >= $from_month::date)
    and ($to_month::date is null or indicator_monthly.month <= $to_month::date)
order by
    indicators.sort,
    indicator_monthly.indicator_id,
    indicator_monthly.scope,
    indicator_monthly.month
