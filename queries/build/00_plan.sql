-- One row: the plan, its term and its rules for lights, provisional months, candidates for the
-- benchmark enterprises and size bands (employees from which a band begins).
select
    name_zh,
    name_en,
    plan_start::date as plan_start,
    plan_end::date as plan_end,
    timezone,
    light_green::double as light_green,
    light_yellow::double as light_yellow,
    provisional_months::bigint as provisional_months,
    benchmark_min_revenue_10k_cny::double as min_revenue_10k_cny,
    benchmark_min_growth::double as min_growth,
    benchmark_min_employees::bigint as min_employees,
    benchmark_min_rd_share::double as min_rd_share,
    benchmark_min_certified_share::double as min_certified_share,
    size_small::bigint as size_small,
    size_medium::bigint as size_medium,
    size_large::bigint as size_large
from plan_info
