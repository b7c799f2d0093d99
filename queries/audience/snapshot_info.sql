-- What the snapshot is, without the words and the name of whoever published it.
select
    snapshot_info.* replace (
        null::varchar as reason,
        null::varchar as imported_by
    )
from main.snapshot_info
