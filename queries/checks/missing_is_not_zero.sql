-- One row per value of an indicator that stands there although no unit reported.
select
    indicator_id,
    scope,
    month,
    value
from indicator_monthly
where
    (units_reported = 0 and value is not null)
    or (status = 'M' and value is not null and units_reported is not null)
    or units_reported > units_due
order by indicator_id, scope, month
