-- One row per snapshot, without the words and the name of whoever published it.
select
    info.snapshot,
    info.created_at,
    info.today,
    null::varchar as reason,
    null::varchar as imported_by,
    info.cut_off,
    info.demo
from main.snapshot_info as info
