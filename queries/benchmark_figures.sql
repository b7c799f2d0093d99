-- One row per figure that another place has published, as published.
-- $indicator_id: indicator.
-- kind: what the place counts (stock, flow, cumulative, capacity, induced, wider); operator:
-- equal, about, exceed. as_of: a figure dated to a month carries its first day, one dated to a
-- year its 1 December; the note says so. Published figures: nothing in it is secret.
select
    place_en,
    place_zh,
    indicator_id,
    as_of,
    value,
    operator,
    kind,
    certainty,
    source,
    note_zh,
    note_en
from benchmarks
where $indicator_id::varchar is null or indicator_id = $indicator_id::varchar
order by place_en, indicator_id, as_of desc, value, source
