-- One row per question to a unit: a figure that may be right but is asked about (never refused).
-- rule: jump (measure of a month against the mean of the unit's last three reported months),
-- cumulative_falls (a value sent for a cumulative indicator, below an earlier one),
-- volume_unit (GB per item against the city's median of the modality), dataset_size (GB).
-- subject: the modality, indicator or dataset; value against compared. Thresholds: plan.toml.
with unit_measures as (
    select
        'labeling_daily' as kind,
        output.unit_id,
        output.month,
        measured.measure,
        measured.value
    from (
        select
            unit_id,
            month,
            sum(items)::double as items,
            sum(hours::decimal(38, 9))::double as hours
        from output_monthly
        group by unit_id, month
    ) as output
    cross join (
        values ('items', items), ('hours', hours)
    ) as measured (measure, value)
    union all
    select
        'workforce_monthly' as kind,
        unit_id,
        month,
        'workers' as measure,
        list_sum([full_time, part_time])::double as value
    from workforce_monthly
),

against_usual as (
    select
        *,
        avg(value) over before as usual,
        count(value) over before as months_before
    from unit_measures
    where value is not null
    window
        before as (
            partition by kind, unit_id, measure
            order by month
            rows between 3 preceding and 1 preceding
        )
),

-- A running month may well be low.
jumps as (
    select
        against_usual.kind,
        against_usual.unit_id,
        against_usual.month,
        'jump' as rule,
        null::varchar as subject,
        against_usual.measure,
        against_usual.value,
        against_usual.usual as compared
    from against_usual
    cross join plan_info
    left join months on against_usual.month = months.month
    where
        against_usual.months_before = 3
        and (
            against_usual.value > against_usual.usual * plan_info.question_jump_factor
            or (
                against_usual.value * plan_info.question_jump_factor < against_usual.usual
                and not coalesce(months.running, false)
            )
        )
),

sent as (
    select
        indicator_values.scope,
        indicator_values.month,
        indicator_values.indicator_id,
        indicator_values.value,
        max(indicator_values.value) over (
            partition by indicator_values.indicator_id, indicator_values.scope
            order by indicator_values.month
            rows between unbounded preceding and 1 preceding
        ) as highest
    from indicator_values
    inner join indicators on indicator_values.indicator_id = indicators.indicator_id
    where indicators.kind = 'cumulative'
),

falls as (
    select
        'indicator_values' as kind,
        case when scope <> 'city' then scope end as unit_id,
        month,
        'cumulative_falls' as rule,
        indicator_id as subject,
        'value' as measure,
        value,
        highest as compared
    from sent
    where value < highest
),

per_item as (
    select
        unit_id,
        month,
        modality,
        sum(volume_gb::decimal(38, 9))::double / nullif(sum(items), 0) as gb_per_item
    from output_monthly
    where volume_gb > 0
    group by unit_id, month, modality
),

with_median as (
    select
        *,
        median(gb_per_item) over (partition by modality) as usual,
        count(*) over (partition by modality) as places
    from per_item
    where gb_per_item is not null
),

volumes as (
    select
        'labeling_daily' as kind,
        with_median.unit_id,
        with_median.month,
        'volume_unit' as rule,
        with_median.modality as subject,
        'volume_gb' as measure,
        with_median.gb_per_item as value,
        with_median.usual as compared
    from with_median
    cross join plan_info
    where
        with_median.places >= 6
        and (
            with_median.gb_per_item > with_median.usual * plan_info.question_volume_factor
            or with_median.gb_per_item * plan_info.question_volume_factor < with_median.usual
        )
),

sizes as (
    select
        'datasets' as kind,
        datasets.unit_id,
        null::date as month,
        'dataset_size' as rule,
        datasets.dataset_id as subject,
        'size_gb' as measure,
        datasets.size_gb as value,
        case
            when datasets.size_gb < plan_info.question_dataset_gb_low
                then plan_info.question_dataset_gb_low
            else plan_info.question_dataset_gb_high
        end as compared
    from datasets
    cross join plan_info
    where
        datasets.size_gb
        not between plan_info.question_dataset_gb_low and plan_info.question_dataset_gb_high
),

everything as (
    select * from jumps
    union all
    select * from falls
    union all
    select * from volumes
    union all
    select * from sizes
)

select
    kind,
    unit_id,
    month,
    rule,
    subject,
    measure,
    value::double as value,
    compared::double as compared
from everything
order by kind, unit_id nulls first, month, rule, subject nulls first, measure
