-- One row per month: its working days, with days off and make-up weekends of the State Council.
-- holiday_days: weekdays off; made_up_days: weekend days worked for them. holidays_*: names of
-- the holidays with a weekday off. announced: false while that year's arrangement is not known.
select
    date_trunc('month', date)::date as month,
    (count(*) filter (where works))::bigint as working_days,
    (count(*) filter (where not works and isodow(date) <= 5))::bigint as holiday_days,
    (count(*) filter (where works and isodow(date) > 5))::bigint as made_up_days,
    string_agg(distinct holiday_zh, '、') filter (where not works and isodow(date) <= 5)
        as holidays_zh,
    string_agg(distinct holiday_en, ', ') filter (where not works and isodow(date) <= 5)
        as holidays_en,
    bool_and(announced) as announced
from days
group by date_trunc('month', date)
order by month
