-- One row per upload, unit and month: how many of its rows are in force in
-- fact_labeling_daily. Fewer than the upload carried means that a later return replaced some.
-- first_row, last_row: lines of the file between which they stand.
select
    upload_id,
    unit_id,
    date_trunc('month', date)::date as month,
    count(*)::bigint as rows_in_force,
    min(source_row)::bigint as first_row,
    max(source_row)::bigint as last_row
from fact_labeling_daily
group by upload_id, unit_id, date_trunc('month', date)
order by upload_id, unit_id, month
