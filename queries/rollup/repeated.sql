-- One row per good event whose id came more than once: place in the order of what the copies
-- say, and whether they say different things.
with ids as (
    select event_id
    from judged
    where fault is null
    group by event_id
    having count(*) > 1
),

copies as (
    select
        judged.*,
        concat(
            judged.item_id, '|',
            judged.event, '|',
            judged.date, '|',
            judged.unit_id, '|',
            judged.enterprise_id, '|',
            judged.project_id, '|',
            coalesce(judged.dataset_id, '-'), '|',
            judged.modality, '|',
            coalesce(judged.task_type, '-'), '|',
            coalesce(judged.annotator, '-'), '|',
            coalesce(cast(judged.work_ms as varchar), '-'), '|',
            coalesce(judged.hours_basis, '-'), '|',
            coalesce(cast(judged.is_first_review as varchar), '-'), '|',
            coalesce(cast(judged.object_count as varchar), '-'), '|',
            coalesce(cast(judged.is_gold as varchar), '-'), '|',
            coalesce(cast(judged.is_gold_correct as varchar), '-'), '|',
            coalesce(cast(judged.is_prelabeled as varchar), '-'), '|',
            coalesce(cast(judged.byte_count as varchar), '-')
        ) as content
    from judged
    inner join ids on judged.event_id = ids.event_id
    where judged.fault is null
),

spread as (
    select
        event_id,
        min(content) <> max(content) as conflicting
    from copies
    group by event_id
)

select
    copies.event_id,
    copies.item_id,
    copies.event,
    copies.date,
    copies.unit_id,
    copies.enterprise_id,
    copies.project_id,
    copies.dataset_id,
    copies.modality,
    copies.task_type,
    copies.annotator,
    copies.work_ms,
    copies.hours_basis,
    copies.is_first_review,
    copies.object_count,
    copies.is_gold,
    copies.is_gold_correct,
    copies.is_prelabeled,
    copies.byte_count,
    spread.conflicting,
    row_number() over (
        partition by copies.event_id
        order by copies.content
    ) as place
from copies
inner join spread on copies.event_id = spread.event_id
