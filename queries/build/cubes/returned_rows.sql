-- One row per upload, unit and month: how many of its rows are in force in
-- fact_labeling_daily. Fewer than the upload carried means that a later return replaced some.
select
    upload_id,
    unit_id,
    date_trunc('month', date)::date as month,
    count(*)::bigint as rows_in_force
from fact_labeling_daily
group by upload_id, unit_id, date_trunc('month', date)
order by upload_id, unit_id, month
