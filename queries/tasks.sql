-- One row per task (督办) that the reader may see.
-- $task_id: only that one; $unit_id: tasks of a unit; $state: only in that state; $standing: open
-- or closed; $today: as at this day (without it the present one, or that of a fixed position in
-- the case log).
-- state: unsigned, in_progress, due_soon (from the third working day before), overdue, replied
-- (to be accepted), closed. light: red overdue, yellow due soon or answered late, green.
-- condition_met: whether the newest figures meet the condition, NULL where there is none or it
-- cannot be computed.
with working_days_before as (
    select
        tasks.id,
        days.date,
        row_number() over (
            partition by tasks.id
            order by days.date desc
        ) as days_before
    from case_tasks as tasks
    inner join days on tasks.due_on > days.date and days.works
),

newest_progress as (
    select
        target_id,
        value,
        state
    from target_progress
    qualify as_at = max(as_at) over ()
),

newest_values as (
    select
        indicator_id,
        scope,
        max_by(value, month) as value
    from indicator_monthly
    where value is not null
    group by indicator_id, scope
),

with_condition as (
    select
        tasks.*,
        coalesce($today::date, info.today) as today,
        third_day.date as soon_from,
        case tasks.condition_kind
            when 'target' then progress.value
            when 'indicator' then measured.value
        end as condition_now,
        case
            when tasks.condition_kind = 'return'
                then case when ledger.status is not null then ledger.status <> 'missing' end
            when tasks.condition_kind = 'target' and tasks.condition_value is null
                then case
                    when progress.value is not null then progress.state = 'achieved'
                end
            when tasks.condition_operator = 'reach'
                then coalesce(progress.value, measured.value) >= tasks.condition_value
            when tasks.condition_operator = 'exceed'
                then coalesce(progress.value, measured.value) > tasks.condition_value
            when tasks.condition_operator = 'at_most'
                then coalesce(progress.value, measured.value) <= tasks.condition_value
        end as condition_met
    from case_tasks as tasks
    cross join case_info as info
    left join working_days_before as third_day
        on tasks.id = third_day.id and third_day.days_before = 3
    left join newest_progress as progress
        on tasks.condition_kind = 'target' and tasks.condition_ref = progress.target_id
    left join newest_values as measured
        on
            tasks.condition_kind = 'indicator'
            and tasks.condition_ref = measured.indicator_id
            and coalesce(tasks.condition_unit_id, 'city') = measured.scope
    left join return_ledger as ledger
        on
            tasks.condition_kind = 'return'
            and tasks.condition_ref = ledger.kind
            and tasks.condition_unit_id = ledger.unit_id
            and tasks.condition_month = ledger.month
),

judged as (
    select
        *,
        case
            when stage in ('closed', 'replied') then stage
            when today > due_on then 'overdue'
            when today >= soon_from then 'due_soon'
            else stage
        end as state
    from with_condition
)

select
    judged.id,
    judged.subject,
    judged.matter,
    judged.ref,
    judged.owner,
    owners.name_zh as owner_zh,
    owners.name_en as owner_en,
    judged.supporting,
    judged.opened_on,
    judged.due_on,
    judged.signed_on,
    judged.replied_on,
    judged.closed_on,
    judged.closed_by,
    judged.state,
    judged.stage,
    case
        when judged.state = 'overdue' then 'red'
        when judged.is_late or judged.state = 'due_soon' then 'yellow'
        else 'green'
    end as light,
    case
        when judged.state = 'overdue' then (judged.today - judged.due_on)::bigint
        else 0
    end::bigint as overdue_days,
    judged.is_late,
    judged.requirement,
    judged.figure,
    judged.snapshot,
    judged.reply,
    judged.reply_value,
    judged.reason,
    judged.asked_until,
    judged.condition_kind,
    judged.condition_ref,
    judged.condition_unit_id,
    judged.condition_month,
    judged.condition_operator,
    judged.condition_value,
    judged.condition_now,
    judged.condition_met,
    judged.today as as_at_day,
    judged.events
from judged
left join offices as owners on judged.owner = owners.office_id
where
    ($task_id::varchar is null or judged.id = $task_id::varchar)
    and (
        $unit_id::varchar is null
        or judged.owner = $unit_id::varchar
        or list_contains(string_split(judged.supporting, '|'), $unit_id::varchar)
    )
    and ($state::varchar is null or judged.state = $state::varchar)
    and (
        $standing::varchar is null
        or case judged.stage when 'closed' then 'closed' else 'open' end = $standing::varchar
    )
order by judged.stage = 'closed', judged.due_on, judged.id
