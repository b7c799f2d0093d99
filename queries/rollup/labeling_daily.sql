-- One row per date, unit, enterprise, project, modality and task type, as labeling_daily has it.
-- A measure is told only where every submission of the row tells it. No day holds more than 24
-- hours of a person: capped_ms is what that took off; untold_ms is the time of submissions in rows
-- whose hours are not told, since others tell none or another basis. Hours have six decimals.
with sums as (
    select
        date,
        unit_id,
        enterprise_id,
        project_id,
        modality,
        task_type,
        min(dataset_id) as first_dataset,
        max(dataset_id) as last_dataset,
        cast(sum(case when event = 'submitted' then 1 else 0 end) as bigint) as items,
        sum(object_count) as objects,
        count(object_count) as with_objects,
        sum(work_ms) as work_ms,
        count(work_ms) as with_time,
        min(hours_basis) as first_basis,
        max(hours_basis) as last_basis,
        cast(sum(case when event <> 'submitted' then 1 else 0 end) as bigint) as reviewed,
        cast(sum(case when event = 'accepted' then 1 else 0 end) as bigint) as accepted,
        cast(
            sum(case when event = 'accepted' and is_first_review then 1 else 0 end) as bigint
        ) as accepted_first_pass,
        cast(sum(case when is_gold then 1 else 0 end) as bigint) as gold_items,
        count(is_gold) as with_gold,
        cast(sum(case when is_gold_correct then 1 else 0 end) as bigint) as gold_correct,
        cast(sum(case when is_prelabeled then 1 else 0 end) as bigint) as prelabeled_items,
        count(is_prelabeled) as with_prelabeled,
        count(distinct case when event = 'submitted' then annotator end) as annotators,
        sum(byte_count) as bytes,
        count(byte_count) as with_bytes
    from counted
    group by date, unit_id, enterprise_id, project_id, modality, task_type
),

told as (
    select
        *,
        coalesce(
            items > 0 and with_time = items and first_basis = last_basis, false
        ) as tells_time,
        cast(annotators as bigint) * 86400000 as longest_ms
    from sums
)

select
    date,
    unit_id,
    enterprise_id,
    project_id,
    case when first_dataset = last_dataset then first_dataset end as dataset_id,
    modality,
    task_type,
    items,
    cast(case when items > 0 and with_objects = items then objects end as bigint) as objects,
    case
        when tells_time
            then
                cast(
                    (
                        case
                            when work_ms > longest_ms then longest_ms else cast(work_ms as bigint)
                        end
                        * 10 + 18
                    ) // 36 as double
                ) / cast(1000000 as double)
    end as hours,
    case when tells_time then first_basis end as hours_basis,
    reviewed,
    accepted,
    accepted_first_pass,
    reviewed - accepted as rejected,
    case when items > 0 and with_gold = items then gold_items end as gold_items,
    case when items > 0 and with_gold = items then gold_correct end as gold_correct,
    case when items > 0 and with_prelabeled = items then prelabeled_items end
        as prelabeled_items,
    cast(annotators as bigint) as annotators,
    case
        when items > 0 and with_bytes = items
            then cast(cast(bytes as bigint) as double) / cast(1000000000 as double)
    end as volume_gb,
    cast(
        case when tells_time and work_ms > longest_ms then work_ms - longest_ms else 0 end
        as bigint
    ) as capped_ms,
    cast(case when tells_time then 0 else coalesce(work_ms, 0) end as bigint) as untold_ms
from told
order by date, unit_id, enterprise_id, project_id, modality, task_type nulls first
