-- One row per snapshot: how far the case log is read with it, and the day as at which it is told.
select
    position,
    today
from case_info
order by position
