-- One row per upload, unit and month: how many of its rows are in force in
-- fact_labeling_daily. Fewer than the upload carried means that a later return replaced some.
-- first_row, last_row: lines of the file between which they stand. Days are put together
-- first, so that the month is worked out for each of them and not for each row.
with by_day as (
    select
        upload_id,
        unit_id,
        date,
        count(*) as rows_in_force,
        min(source_row) as first_row,
        max(source_row) as last_row
    from fact_labeling_daily
    group by upload_id, unit_id, date
)

select
    upload_id,
    unit_id,
    date_trunc('month', date)::date as month,
    sum(rows_in_force)::bigint as rows_in_force,
    min(first_row)::bigint as first_row,
    max(last_row)::bigint as last_row
from by_day
group by upload_id, unit_id, date_trunc('month', date)
order by upload_id, unit_id, month
