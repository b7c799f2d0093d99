-- One row per upload, kind and period of own returns.
select
    returns.upload_id,
    returns.kind,
    returns.unit_id,
    returns.period,
    returns.rows,
    returns.rows_in_force,
    returns.first_row,
    returns.last_row,
    returns.version,
    returns.received_on
from main.returns
where returns.unit_id = getvariable('own_unit')
