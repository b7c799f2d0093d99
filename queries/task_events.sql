-- One row per entry of the case log that the reader may see.
-- $task_id: of one task, question, return or target; $kind: task, explanation, review, office.
-- recorded_at is UTC. The words of an entry are for the planner and the unit that it is about; an
-- auditor reads who did what and when, and the fingerprint that chains an entry to the one before.
select
    n,
    recorded_at,
    kind,
    event,
    id,
    audience,
    actor,
    text,
    value,
    until,
    sha256
from case_events
where
    ($task_id::varchar is null or id = $task_id::varchar)
    and ($kind::varchar is null or kind = $kind::varchar)
order by n
