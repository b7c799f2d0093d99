-- One row per sector and stage (planned, built, evaluated, registered, traded, applied):
-- datasets that have come that far by the end of the month.
-- $to_month: as at the end of this month (the opening month without it); $unit_id: unit;
-- $sector: sector.
-- A later stage implies the earlier ones only where their dates were reported. size_gb is NULL
-- where datasets are there but none has a size.
with as_at as (
    select last_day(coalesce($to_month::date, month)) as day
    from opening_month
),

steps as (
    select
        datasets.sector,
        datasets.size_gb,
        step.stage,
        step.reached_on
    from datasets
    cross join (
        values
        ('planned', planned_on),
        ('built', built_on),
        ('evaluated', evaluated_on),
        ('registered', registered_on),
        ('traded', traded_on),
        ('applied', applied_on)
    ) as step (stage, reached_on)
    where $unit_id::varchar is null or datasets.unit_id = $unit_id::varchar
),

counted as (
    select
        steps.sector,
        steps.stage,
        count(*) as datasets,
        sum(steps.size_gb::decimal(38, 9)) as size_gb
    from steps
    cross join as_at
    where steps.reached_on <= as_at.day
    group by steps.sector, steps.stage
),

stages as (
    select
        sectors.sector,
        sectors.name_zh,
        sectors.name_en,
        sectors.in_plan,
        sectors.sort,
        stage.stage,
        stage.stage_order
    from sectors
    cross join (
        values
        ('planned', 1),
        ('built', 2),
        ('evaluated', 3),
        ('registered', 4),
        ('traded', 5),
        ('applied', 6)
    ) as stage (stage, stage_order)
),

sent as (
    select count(*) as datasets
    from datasets
    where $unit_id::varchar is null or unit_id = $unit_id::varchar
)

select
    stages.sector,
    stages.stage,
    stages.name_zh as sector_zh,
    stages.name_en as sector_en,
    stages.in_plan,
    case when sent.datasets > 0 then coalesce(counted.datasets, 0) end::bigint as datasets,
    case
        when counted.datasets > 0 then counted.size_gb
        when sent.datasets > 0 then 0
    end::double as size_gb
from stages
cross join sent
left join counted on stages.sector = counted.sector and stages.stage = counted.stage
where $sector::varchar is null or stages.sector = $sector::varchar
order by stages.sort, stages.sector, stages.stage_order
