-- One row per check-in note of the plan: month, target and owner. Examples (演示) are left out
-- where the returns are no demonstration.
select
    notes.month::date as month,
    notes.target_id,
    notes.owner,
    notes.text_zh,
    notes.text_en,
    notes.source,
    starts_with(notes.source, '演示') as demo
from plan_notes as notes
cross join snapshot_info
where snapshot_info.demo or not starts_with(notes.source, '演示')
order by notes.month, notes.target_id, notes.owner
