-- One row per return that waited for a review, by kind and unit that it carries.
-- $state: awaiting (已报待审), accepted, returned; $unit_id: returns of a unit; $kind: return kind.
-- Returns that a plan with accept_at_once publishes directly are on the ledger only. id, file and
-- rows are for the planner and the sender.
select
    id,
    file,
    kind,
    unit_id,
    array_to_string(
        list_transform(months, lambda month: strftime(month, '%Y-%m')), '|'
    ) as carried_months,
    rows,
    received_on,
    state,
    decided_on,
    reason
from case_reviews
where
    ($state::varchar is null or state = $state::varchar)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($kind::varchar is null or kind = $kind::varchar)
order by
    state = 'awaiting' desc,
    received_on,
    id asc nulls last,
    kind asc,
    unit_id asc nulls last,
    months asc
