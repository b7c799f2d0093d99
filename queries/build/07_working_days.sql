-- One row per month: its working days, with days off and make-up weekends of the State Council.
-- announced: false while that year's arrangement is not known; then only statutory days are off.
select
    month,
    working_days::bigint as working_days,
    announced
from plan_working_days
order by month
