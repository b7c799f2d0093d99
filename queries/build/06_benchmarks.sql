-- One row per published figure of another place.
select
    place_zh,
    place_en,
    indicator_id,
    value::double as value,
    operator,
    kind,
    as_of::date as as_of,
    source,
    certainty,
    note_zh,
    note_en,
    checked_on::date as checked_on
from plan_benchmarks
order by place_en, indicator_id, as_of, value, source
