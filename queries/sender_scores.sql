-- One row per unit and dimension of GB/T 36344 with the counts that its fraction is made of.
-- $unit_id: only that unit; $from_month, $to_month: returns of these months.
-- dimension: normative 规范性 (rows without a fault of form), complete 完整性 (returns received of
-- those due), accurate 准确性 (rows within their ranges), consistent 一致性 (rows that contradict
-- neither each other nor a rule), timely 时效性 (returns on time of those due), accessible 可访问性
-- (not measured: a file that cannot be read names no unit). met of total; NULL where nothing is
-- measured, share also where there is nothing to count.
with sent as (
    select
        unit_id,
        sum(rows) as rows
    from returns
    where
        unit_id is not null
        and ($from_month::date is null or period is null or period >= $from_month::date)
        and ($to_month::date is null or period is null or period <= $to_month::date)
    group by unit_id
),

faulty as (
    select
        unit_id,
        count(distinct found_in) as rows,
        count(distinct found_in) filter (
            where code not in ('range', 'rule', 'duplicate_key')
        ) as of_form,
        count(distinct found_in) filter (where code = 'range') as out_of_range,
        count(distinct found_in) filter (
            where code in ('rule', 'duplicate_key')
        ) as contradicting
    from (
        select
            *,
            concat_ws('/', upload_id, row) as found_in
        from findings
    ) as located
    where
        unit_id is not null
        and row is not null
        and code <> 'missing_capability'
        and ($from_month::date is null or period is null or period >= $from_month::date)
        and ($to_month::date is null or period is null or period <= $to_month::date)
    group by unit_id
),

ledger as (
    select
        unit_id,
        count(*) as due,
        count(*) filter (where status <> 'missing') as received,
        count(*) filter (where status <> 'missing' and coalesce(days_late, 0) <= 0) as on_time
    from return_ledger
    where
        ($from_month::date is null or month >= $from_month::date)
        and ($to_month::date is null or month <= $to_month::date)
    group by unit_id
),

counted as (
    select
        units.unit_id,
        coalesce(sent.rows, 0) + coalesce(faulty.rows, 0) as rows,
        coalesce(faulty.of_form, 0) as of_form,
        coalesce(faulty.out_of_range, 0) as out_of_range,
        coalesce(faulty.contradicting, 0) as contradicting,
        coalesce(ledger.due, 0) as due,
        coalesce(ledger.received, 0) as received,
        coalesce(ledger.on_time, 0) as on_time
    from units
    left join sent on units.unit_id = sent.unit_id
    left join faulty on units.unit_id = faulty.unit_id
    left join ledger on units.unit_id = ledger.unit_id
),

scores as (
    select
        counted.unit_id,
        scored.place,
        scored.dimension,
        scored.met,
        scored.total
    from counted
    cross join lateral (
        values
        (1, 'normative', counted.rows - counted.of_form, counted.rows),
        (2, 'complete', counted.received, counted.due),
        (3, 'accurate', counted.rows - counted.out_of_range, counted.rows),
        (4, 'consistent', counted.rows - counted.contradicting, counted.rows),
        (5, 'timely', counted.on_time, counted.due),
        (6, 'accessible', null, null)
    ) as scored (place, dimension, met, total)
)

select
    unit_id,
    dimension,
    met::bigint as met,
    total::bigint as total,
    (met / nullif(total, 0))::double as share
from scores
where $unit_id::varchar is null or unit_id = $unit_id::varchar
order by unit_id, place
