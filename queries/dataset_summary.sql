-- One row: the datasets, models and scenarios, and where sectors, stages and links are empty.
-- $to_month: as at the end of this month (the opening month without it); $unit_id: unit.
-- built, applied: datasets that came so far; high_quality: evaluated and registered (as the
-- indicator hq_datasets). models_served, scenarios: of applied datasets (scenarios: distinct).
-- sectors_covered of sectors_planned have a dataset built; stages_empty of stages_planned
-- (sector of the plan × stage) have none; links_empty of links_due (reporting unit × link) have
-- no enterprise. registries: units_reported of units_due have sent datasets, links_units
-- enterprises; missing_units, links_missing: ids of the others. NULL where nobody sent any.
-- Counts only: no money, no headcount.
with as_at as (
    select
        last_day(coalesce($to_month::date, month)) as day,
        coalesce($to_month::date, month)::date as month
    from opening_month
),

due as (
    select unit_id
    from units
    where $unit_id::varchar is null or unit_id = $unit_id::varchar
),

mine as (
    select datasets.*
    from datasets
    inner join due on datasets.unit_id = due.unit_id
),

counted as (
    select
        count(*) as sent,
        count(*) filter (where mine.built_on <= as_at.day) as built,
        count(*) filter (
            where mine.registered_on <= as_at.day and mine.evaluated_on is not null
        ) as high_quality,
        count(*) filter (where mine.traded_on <= as_at.day) as traded,
        count(*) filter (where mine.applied_on <= as_at.day) as applied,
        sum(mine.models_served) filter (where mine.applied_on <= as_at.day) as models,
        count(distinct mine.scenario) filter (
            where mine.applied_on <= as_at.day and trim(mine.scenario) <> ''
        ) as scenarios,
        count(distinct mine.sector) filter (
            where sectors.in_plan and mine.built_on <= as_at.day
        ) as covered
    from mine
    cross join as_at
    left join sectors on mine.sector = sectors.sector
),

cells as (
    select
        sectors.sector,
        step.stage,
        count(mine.dataset_id) filter (
            where
            case step.stage
                when 'planned' then mine.planned_on
                when 'built' then mine.built_on
                when 'evaluated' then mine.evaluated_on
                when 'registered' then mine.registered_on
                when 'traded' then mine.traded_on
                when 'applied' then mine.applied_on
            end <= as_at.day
        ) as datasets
    from sectors
    cross join (
        values ('planned'), ('built'), ('evaluated'), ('registered'), ('traded'), ('applied')
    ) as step (stage)
    cross join as_at
    left join mine on sectors.sector = mine.sector
    where sectors.in_plan
    group by sectors.sector, step.stage
),

stages as (
    select
        count(*) as stages_planned,
        count(*) filter (where datasets = 0) as stages_empty,
        count(distinct sector) as sectors_planned
    from cells
),

firms as (
    select
        enterprises.unit_id,
        unnest(string_split(enterprises.links, '|')) as link,
        coalesce(enterprises.joined_on <= as_at.day, false)
        and coalesce(enterprises.left_on > as_at.day, true) as active
    from enterprises
    cross join as_at
    where enterprises.registered
),

of_firms as (
    select distinct firms.unit_id
    from firms
    inner join due on firms.unit_id = due.unit_id
),

of_datasets as (
    select distinct unit_id
    from mine
),

there as (
    select distinct
        unit_id,
        link
    from firms
    where active
),

chain as (
    select
        count(*) as links_due,
        count(*) filter (where there.link is null) as links_empty
    from of_firms
    cross join links
    left join there on of_firms.unit_id = there.unit_id and links.link = there.link
),

coverage as (
    select
        count(*) filter (where of_datasets.unit_id is not null) as units_reported,
        count(*) as units_due,
        string_agg(due.unit_id, '|' order by due.unit_id) filter (
            where of_datasets.unit_id is null
        ) as missing_units,
        count(*) filter (where of_firms.unit_id is not null) as links_units,
        string_agg(due.unit_id, '|' order by due.unit_id) filter (
            where of_firms.unit_id is null
        ) as links_missing
    from due
    left join of_datasets on due.unit_id = of_datasets.unit_id
    left join of_firms on due.unit_id = of_firms.unit_id
)

select
    as_at.month,
    as_at.day as as_of,
    case when counted.sent > 0 then counted.built end::bigint as built,
    case when counted.sent > 0 then counted.high_quality end::bigint as high_quality,
    case when counted.sent > 0 then counted.traded end::bigint as traded,
    case when counted.sent > 0 then counted.applied end::bigint as applied,
    case
        when counted.applied > 0 then counted.models
        when counted.sent > 0 then 0
    end::bigint as models_served,
    case when counted.sent > 0 then counted.scenarios end::bigint as scenarios,
    case when counted.sent > 0 then counted.covered end::bigint as sectors_covered,
    stages.sectors_planned::bigint as sectors_planned,
    case when counted.sent > 0 then stages.stages_empty end::bigint as stages_empty,
    stages.stages_planned::bigint as stages_planned,
    case when chain.links_due > 0 then chain.links_empty end::bigint as links_empty,
    chain.links_due::bigint as links_due,
    coverage.units_reported::bigint as units_reported,
    coverage.units_due::bigint as units_due,
    coverage.missing_units,
    coverage.links_units::bigint as links_units,
    coverage.links_missing
from as_at
cross join counted
cross join stages
cross join chain
cross join coverage
order by as_at.month
