-- One row per indicator made of the dataset registry, month and unit with a registry:
-- everything up to the end of the month. A sum over no dataset is 0; a sum over datasets
-- whose amount nobody told is unknown.
-- hidden: an audience may not see it; the planner sees everything.
with dataset_months as (
    select
        months.month,
        datasets.unit_id,
        datasets.size_gb::decimal(38, 9) as size_gb,
        datasets.trade_value_10k_cny::decimal(38, 9) as trade_value,
        datasets.models_served,
        coalesce(datasets.built_on <= last_day(months.month), false) as built,
        coalesce(datasets.registered_on <= last_day(months.month), false)
        and datasets.evaluated_on is not null as quality,
        coalesce(datasets.traded_on <= last_day(months.month), false) as traded,
        coalesce(datasets.applied_on <= last_day(months.month), false) as applied
    from months
    cross join datasets
),

registry as (
    select
        month,
        unit_id,
        count(*) filter (where built) as built,
        count(*) filter (where quality) as quality,
        count(*) filter (where traded) as traded,
        case when bool_or(built) then sum(size_gb) filter (where built) else 0 end::double
            as size_gb,
        case
            when bool_or(traded) then sum(trade_value) filter (where traded)
            else 0
        end::double as trade_value,
        case
            when bool_or(applied) then sum(models_served) filter (where applied)
            else 0
        end::double as models_served
    from dataset_months
    group by month, unit_id
)

select
    registry.month,
    registry.unit_id,
    part.indicator_id,
    'total' as method,
    part.numerator::double as numerator,
    null::double as denominator,
    false as hidden
from registry
cross join (
    values
    ('datasets_built', built::double),
    ('hq_datasets', quality),
    ('datasets_traded', traded),
    ('dataset_trade_value', trade_value),
    ('dataset_volume', size_gb / 1000),
    ('models_served', models_served)
) as part (indicator_id, numerator)
order by part.indicator_id, registry.month, registry.unit_id
