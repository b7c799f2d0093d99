-- One row per traded dataset with a value: in which month, whose.
-- contributor: the enterprise, a stroke and the dataset; a dataset whose enterprise nobody named
-- counts as one contributor of its unit.
select
    date_trunc('month', traded_on)::date as month,
    unit_id,
    coalesce(enterprise_id, unit_id) || '/' || dataset_id as contributor,
    trade_value_10k_cny::decimal(38, 9)::double as amount
from datasets
where traded_on is not null and trade_value_10k_cny is not null
order by month, unit_id, contributor, amount
