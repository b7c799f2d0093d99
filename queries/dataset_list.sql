-- One row per dataset: how far it has come, where it stands, what it is used for.
-- $to_month: as at the end of this month (the opening month without it); $unit_id: unit;
-- $sector: sector.
-- stage: the furthest step reached by then (planned, built, evaluated, registered, traded,
-- applied; none where no date is told). models_served counts from the day of application on,
-- trade_value_10k_cny from the trade on.
with as_at as (
    select last_day(coalesce($to_month::date, month)) as day
    from opening_month
)

select
    datasets.dataset_id,
    datasets.title_zh,
    datasets.title_en,
    datasets.sector,
    sectors.in_plan,
    datasets.unit_id,
    datasets.enterprise_id,
    case
        when datasets.applied_on <= as_at.day then 'applied'
        when datasets.traded_on <= as_at.day then 'traded'
        when datasets.registered_on <= as_at.day then 'registered'
        when datasets.evaluated_on <= as_at.day then 'evaluated'
        when datasets.built_on <= as_at.day then 'built'
        when datasets.planned_on <= as_at.day then 'planned'
        else 'none'
    end as stage,
    datasets.size_gb::double as size_gb,
    datasets.scenario,
    case when datasets.applied_on <= as_at.day then datasets.models_served end::bigint
        as models_served,
    case when datasets.traded_on <= as_at.day then datasets.trade_value_10k_cny end::double
        as trade_value_10k_cny,
    datasets.evaluation_rule,
    datasets.planned_on,
    datasets.built_on,
    datasets.evaluated_on,
    datasets.registered_on,
    datasets.traded_on,
    datasets.applied_on
from datasets
cross join as_at
left join sectors on datasets.sector = sectors.sector
where
    ($unit_id::varchar is null or datasets.unit_id = $unit_id::varchar)
    and ($sector::varchar is null or datasets.sector = $sector::varchar)
order by sectors.sort, datasets.sector, datasets.unit_id, datasets.dataset_id
