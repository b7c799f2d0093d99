-- One row per figure that another place has published, as published.
-- $indicator_id: indicator.
-- kind: what the place counts (stock, flow, cumulative, capacity, induced, wider) or plans
-- (planned); operator: equal, about, exceed. checked_on: when the source was last read. as_of: a
-- figure dated to a month carries its first day, one dated to a year its 1 December; the note says
-- so. Published figures: nothing in it is secret.
select
    benchmarks.place_en,
    benchmarks.place_zh,
    benchmarks.indicator_id,
    benchmarks.as_of,
    benchmarks.value,
    indicators.unit_zh,
    indicators.unit_en,
    benchmarks.operator,
    benchmarks.kind,
    benchmarks.certainty,
    benchmarks.source,
    benchmarks.checked_on,
    benchmarks.note_zh,
    benchmarks.note_en
from benchmarks
left join indicators on benchmarks.indicator_id = indicators.indicator_id
where $indicator_id::varchar is null or benchmarks.indicator_id = $indicator_id::varchar
order by
    benchmarks.place_en asc,
    benchmarks.indicator_id asc,
    benchmarks.as_of desc,
    benchmarks.value asc,
    benchmarks.source asc
