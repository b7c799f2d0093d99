-- One row per traded dataset with a value: in which month, whose.
-- A dataset whose enterprise nobody named counts as one contributor of its unit.
select
    'datasets' as family,
    date_trunc('month', traded_on)::date as month,
    'trade_value' as measure,
    unit_id,
    coalesce(enterprise_id, unit_id) as contributor,
    trade_value_10k_cny::double as amount,
    1::bigint as inside
from datasets
where traded_on is not null and trade_value_10k_cny is not null
order by month, unit_id, contributor, amount
