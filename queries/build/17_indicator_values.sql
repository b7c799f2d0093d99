-- One row per indicator, scope and month of the values that no other return carries.
select
    indicator_id,
    scope,
    period as month,
    value,
    status,
    source,
    note,
    upload_id,
    source_row
from fact_indicator_values
order by indicator_id, scope, month
