-- One row per day around the plan: whether it is worked, and the holiday that made it so.
-- announced: false while the arrangement of the year's days off is not known.
select
    date,
    works,
    announced,
    holiday_zh,
    holiday_en
from plan_days
order by date
