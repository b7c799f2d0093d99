-- One row per target that is not judged as at the newest month, or against the rules: a light
-- without a stated number, a time share outside 0 to 1.
with newest as (
    select
        target_id,
        light,
        state,
        time_share
    from target_progress
    qualify row_number() over (partition by target_id order by as_at desc) = 1
)

select
    targets.target_id,
    newest.light,
    newest.state
from targets
left join newest on targets.target_id = newest.target_id
where
    newest.target_id is null
    or (targets.value is null and newest.light <> 'none')
    or newest.time_share not between 0 and 1
order by targets.target_id
