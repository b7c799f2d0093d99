-- One row per record of events: its values as types (NULL where a text is none of that type),
-- `fault` as "code|field" of the first thing wrong with it, NULL where nothing is, and `value`,
-- what stood in that field. Where no seconds are given, work_ms is the time between start and end;
-- measures of a review are not told.
with read as (
    select
        events.*,
        case
            when
                regexp_matches(
                    events.ended_at,
                    '^[0-9]{4}(-[0-9]{2}){2}[ T]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,6})?$'
                )
                then try_cast(substr(events.ended_at, 1, 10) as date)
        end as date,
        case
            when
                regexp_matches(
                    events.started_at,
                    '^[0-9]{4}(-[0-9]{2}){2}[ T]([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,6})?$'
                )
                then try_cast(substr(events.started_at, 1, 10) as date)
        end as start_date,
        case
            when
                regexp_matches(
                    events.seconds, '^[0-9]{1,9}([.][0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$'
                )
                then cast(try_cast(events.seconds as decimal(15, 3)) * 1000 as bigint)
        end as stated_ms,
        case
            when regexp_matches(events.objects, '^[0-9]{1,15}([.]0)?$')
                then cast(try_cast(events.objects as decimal(18, 0)) as bigint)
        end as object_count,
        case
            when regexp_matches(events.bytes, '^[0-9]{1,15}([.]0)?$')
                then cast(try_cast(events.bytes as decimal(18, 0)) as bigint)
        end as byte_count,
        case
            when events.first_review in ('true', '1') then true
            when events.first_review in ('false', '0') then false
        end as is_first_review,
        case
            when events.gold in ('true', '1') then true
            when events.gold in ('false', '0') then false
        end as is_gold,
        case
            when events.gold_correct in ('true', '1') then true
            when events.gold_correct in ('false', '0') then false
        end as is_gold_correct,
        case
            when events.prelabeled in ('true', '1') then true
            when events.prelabeled in ('false', '0') then false
        end as is_prelabeled,
        rollup_units.unit_id is not null as unit_known,
        rollup_terms.today
    from events
    cross join rollup_terms
    left join rollup_units on events.unit_id = rollup_units.unit_id
),

timed as (
    select
        *,
        coalesce(
            stated_ms,
            case
                when start_date is not null and date is not null
                    then (
                        cast(datediff('day', start_date, date) as bigint) * 86400
                        + (
                            cast(substr(ended_at, 12, 2) as bigint)
                            - cast(substr(started_at, 12, 2) as bigint)
                        ) * 3600
                        + (
                            cast(substr(ended_at, 15, 2) as bigint)
                            - cast(substr(started_at, 15, 2) as bigint)
                        ) * 60
                        + cast(substr(ended_at, 18, 2) as bigint)
                        - cast(substr(started_at, 18, 2) as bigint)
                    ) * 1000
            end
        ) as work_ms
    from read
),

judged as (
    select
        *,
        case
            when event_id is null then 'required|event_id'
            when item_id is null then 'required|item_id'
            when event is null then 'required|event'
            when ended_at is null then 'required|ended_at'
            when unit_id is null then 'required|unit_id'
            when enterprise_id is null then 'required|enterprise_id'
            when project_id is null then 'required|project_id'
            when modality is null then 'required|modality'
            when event not in ('submitted', 'accepted', 'rejected') then 'unknown_code|event'
            when date is null then 'type|ended_at'
            when date < cast('2000-01-01' as date) or date > today then 'range|ended_at'
            when started_at is not null and start_date is null then 'type|started_at'
            when not unit_known then 'unknown_code|unit_id'
            when not regexp_matches(enterprise_id, '^[0-9A-HJ-NP-RTUWXY]{18}$')
                then 'type|enterprise_id'
            when
                modality not in (
                    'text', 'image', 'audio', 'video', 'point_cloud', 'multimodal', 'preference'
                )
                then 'unknown_code|modality'
            when
                hours_basis not in ('open_time', 'active_time', 'clock_union', 'reported')
                then 'unknown_code|hours_basis'
            when seconds is not null and stated_ms is null then 'type|seconds'
            when work_ms > 86400000 then 'range|seconds'
            when objects is not null and object_count is null then 'type|objects'
            when object_count > 1000000000 then 'range|objects'
            when bytes is not null and byte_count is null then 'type|bytes'
            when byte_count > 1000000000000000 then 'range|bytes'
            when first_review is not null and is_first_review is null then 'type|first_review'
            when gold is not null and is_gold is null then 'type|gold'
            when gold_correct is not null and is_gold_correct is null then 'type|gold_correct'
            when prelabeled is not null and is_prelabeled is null then 'type|prelabeled'
            when length(event_id) > 200 then 'range|event_id'
            when length(item_id) > 200 then 'range|item_id'
            when length(project_id) > 100 then 'range|project_id'
            when length(dataset_id) > 100 then 'range|dataset_id'
            when length(task_type) > 100 then 'range|task_type'
            when work_ms < 0 then 'start_before_end|started_at'
            when event = 'submitted' and annotator is null
                then 'submission_has_a_person|annotator'
            when event <> 'submitted' and is_first_review is null
                then 'review_says_which|first_review'
            when seconds is not null and hours_basis is null
                then 'seconds_need_basis|hours_basis'
            when is_gold_correct is not null and not coalesce(is_gold, false)
                then 'correct_needs_gold|gold_correct'
            when event = 'submitted' and is_gold and is_gold_correct is null
                then 'gold_has_an_answer|gold_correct'
        end as fault
    from timed
)

select
    event_id,
    item_id,
    event,
    date,
    unit_id,
    enterprise_id,
    project_id,
    dataset_id,
    modality,
    task_type,
    annotator,
    case when event = 'submitted' then work_ms end as work_ms,
    case
        when event = 'submitted' and work_ms is not null
            then coalesce(hours_basis, 'open_time')
    end as hours_basis,
    is_first_review,
    case when event = 'submitted' then object_count end as object_count,
    case when event = 'submitted' then is_gold end as is_gold,
    case when event = 'submitted' then is_gold_correct end as is_gold_correct,
    case when event = 'submitted' then is_prelabeled end as is_prelabeled,
    case when event = 'submitted' then byte_count end as byte_count,
    fault,
    case fault
        when 'unknown_code|event' then event
        when 'type|ended_at' then ended_at
        when 'range|ended_at' then ended_at
        when 'type|started_at' then started_at
        when 'start_before_end|started_at' then started_at
        when 'unknown_code|unit_id' then unit_id
        when 'type|enterprise_id' then enterprise_id
        when 'unknown_code|modality' then modality
        when 'unknown_code|hours_basis' then hours_basis
        when 'type|seconds' then seconds
        when 'range|seconds' then coalesce(seconds, started_at)
        when 'type|objects' then objects
        when 'range|objects' then objects
        when 'type|bytes' then bytes
        when 'range|bytes' then bytes
        when 'type|first_review' then first_review
        when 'type|gold' then gold
        when 'type|gold_correct' then gold_correct
        when 'correct_needs_gold|gold_correct' then gold_correct
        when 'type|prelabeled' then prelabeled
        when 'range|event_id' then event_id
        when 'range|item_id' then item_id
        when 'range|project_id' then project_id
        when 'range|dataset_id' then dataset_id
        when 'range|task_type' then task_type
    end as value
from judged
