-- One row per dataset, with the date of each step of its life that was reported.
select
    dataset_id,
    title_zh,
    title_en,
    sector,
    unit_id,
    enterprise_id,
    size_gb,
    records,
    planned_on,
    built_on,
    evaluated_on,
    registered_on,
    traded_on,
    applied_on,
    evaluation_rule,
    scenario,
    models_served,
    trade_value_10k_cny,
    upload_id,
    source_row
from fact_datasets
order by dataset_id
