-- One row per question about own figures.
select
    questions.kind,
    questions.unit_id,
    questions.month,
    questions.rule,
    questions.subject,
    questions.measure,
    questions.value,
    questions.compared
from main.questions
where questions.unit_id = getvariable('own_unit')
