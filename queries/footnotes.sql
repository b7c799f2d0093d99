-- One row per figure of a unit and month that was asked about and that its sender confirmed.
-- $from_month, $to_month: first and last month; $unit_id: unit.
-- The footnote stands as long as the figure has the value that was confirmed. measure: items or
-- hours. reason: the sender's words, for the planner and the sender.
with measured as (
    select
        unit_id,
        month,
        sum(items)::double as items,
        sum(hours::decimal(38, 9))::double as hours
    from output_monthly
    group by unit_id, month
)

select
    answers.month,
    answers.unit_id,
    answers.measure,
    answers.value,
    answers.reason,
    answers.answered_on
from case_explanations as answers
inner join measured
    on answers.unit_id = measured.unit_id and answers.month = measured.month
where
    answers.kind = 'labeling_daily'
    and answers.rule = 'jump'
    and answers.answer = 'stands'
    and answers.value = case answers.measure
        when 'items' then measured.items
        when 'hours' then measured.hours
    end
    and ($from_month::date is null or answers.month >= $from_month::date)
    and ($to_month::date is null or answers.month <= $to_month::date)
    and ($unit_id::varchar is null or answers.unit_id = $unit_id::varchar)
order by answers.month, answers.unit_id, answers.measure
