-- The register of datasets; trade values of own ones, no source.
select
    datasets.* replace (
        case when unit_id = getvariable('own_unit') then trade_value_10k_cny end
            as trade_value_10k_cny,
        null::varchar as upload_id,
        null::bigint as source_row
    )
from main.datasets
