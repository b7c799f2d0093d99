-- Questions about own figures.
select questions.*
from main.questions
where questions.unit_id = getvariable('own_unit')
