-- One row per question to a unit: a figure that may be right but is asked about.
-- $from_month, $to_month: first and last month (what has no month is always there);
-- $unit_id: unit; $kind: return kind. rule: jump, cumulative_falls, volume_unit, dataset_size;
-- its words are questions.RULE of the catalogue. value is compared with compared: the mean of
-- the last three months, the highest earlier value, the usual GB per item, the bound.
-- answer: stands (情况属实), correct (将更正), changed (answered for another value, so it is asked
-- again), NULL while unanswered.
select
    questions.kind,
    questions.unit_id,
    questions.month,
    'rule' as code,
    questions.rule,
    questions.subject,
    questions.measure,
    questions.value,
    questions.compared,
    concat_ws(
        '.',
        questions.kind,
        coalesce(questions.unit_id, 'city'),
        coalesce(strftime(questions.month, '%Y-%m'), 'any'),
        questions.rule,
        coalesce(questions.subject, 'all'),
        questions.measure
    ) as question_id,
    case
        when answers.value = questions.value then answers.answer
        when answers.answer is not null then 'changed'
    end as answer,
    case when answers.value = questions.value then answers.reason end as explanation,
    case when answers.value = questions.value then answers.answered_on end as answered_on
from questions
left join case_explanations as answers
    on
        questions.kind = answers.kind
        and questions.unit_id is not distinct from answers.unit_id
        and questions.month is not distinct from answers.month
        and questions.rule = answers.rule
        and questions.subject is not distinct from answers.subject
        and questions.measure = answers.measure
where
    ($from_month::date is null or questions.month is null or questions.month >= $from_month::date)
    and ($to_month::date is null or questions.month is null or questions.month <= $to_month::date)
    and ($unit_id::varchar is null or questions.unit_id = $unit_id::varchar)
    and ($kind::varchar is null or questions.kind = $kind::varchar)
order by
    questions.month,
    questions.kind,
    questions.unit_id nulls first,
    questions.rule,
    questions.subject nulls first,
    questions.measure
