-- One row per revised figure of labeling whose newest version is not what the snapshot holds.
with newest as (
    select
        month,
        unit_id,
        measure,
        arg_max_null(after, snapshot) as after
    from revisions
    where kind = 'labeling_daily' and measure in ('items', 'accepted')
    group by month, unit_id, measure
),

held as (
    select
        month,
        unit_id,
        sum(items)::double as items,
        sum(accepted)::double as accepted
    from output_monthly
    group by month, unit_id
)

select
    newest.month,
    newest.unit_id,
    newest.measure,
    newest.after
from newest
left join held
    on newest.month = held.month and newest.unit_id = held.unit_id
where
    newest.after is distinct from case newest.measure
        when 'items' then held.items
        else held.accepted
    end
order by newest.month, newest.unit_id, newest.measure
