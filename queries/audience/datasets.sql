-- One row per dataset: the register, trade values of own ones, no source.
select
    datasets.dataset_id,
    datasets.title_zh,
    datasets.title_en,
    datasets.sector,
    datasets.unit_id,
    datasets.enterprise_id,
    datasets.size_gb,
    datasets.records,
    datasets.planned_on,
    datasets.built_on,
    datasets.evaluated_on,
    datasets.registered_on,
    datasets.traded_on,
    datasets.applied_on,
    datasets.evaluation_rule,
    datasets.scenario,
    datasets.models_served,
    case when datasets.unit_id = getvariable('own_unit') then datasets.trade_value_10k_cny end
        as trade_value_10k_cny,
    null::varchar as upload_id,
    null::bigint as source_row
from main.datasets
