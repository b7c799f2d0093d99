-- One row per month of labeling and unit: a monthly rate with the limits of its own usual
-- variation (XmR chart).
-- $measure: acceptance_rate (also without it), first_pass_rate or gold_accuracy;
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- centre: mean of the unit's months; lower, upper: centre -+ 2.66 x mean moving range of months
-- that follow each other, within 0 and 1. points: months with a value; signal only from eight
-- on: above or below a limit, run_above or run_below for the eighth month in a row, or a
-- later one, on that side of the centre. Not reported is NULL with status M, and ends a run.
with sums as (
    select
        month,
        unit_id,
        sum(
            case coalesce($measure::varchar, 'acceptance_rate')
                when 'acceptance_rate' then accepted
                when 'first_pass_rate' then accepted_first_pass
                when 'gold_accuracy' then gold_correct
            end
        )::double as successes,
        sum(
            case coalesce($measure::varchar, 'acceptance_rate')
                when 'acceptance_rate' then reviewed_with_accepted
                when 'first_pass_rate' then reviewed_with_first_pass
                when 'gold_accuracy' then gold_items_with_correct
            end
        )::bigint as trials
    from output_monthly
    where $modality::varchar is null or modality = $modality::varchar
    group by month, unit_id
),

rates as (
    select
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        sums.trials,
        sums.successes / nullif(sums.trials, 0) as value
    from unit_months
    left join sums on unit_months.month = sums.month and unit_months.unit_id = sums.unit_id
    where
        ($from_month::date is null or unit_months.month >= $from_month::date)
        and ($to_month::date is null or unit_months.month <= $to_month::date)
        and ($unit_id::varchar is null or unit_months.unit_id = $unit_id::varchar)
),

ranges as (
    select
        *,
        abs(value - lag(value) over (partition by unit_id order by month)) as moving_range
    from rates
),

centred as (
    select
        *,
        (avg(value::decimal(38, 15)) over units_rows)::double as centre,
        (avg(moving_range::decimal(38, 15)) over units_rows)::double as mean_range,
        (count(value) over units_rows)::bigint as points
    from ranges
    window units_rows as (partition by unit_id)
),

sides as (
    select
        *,
        -- The mean is good to about the fifteenth digit: a constant rate is on no side.
        case when abs(value - centre) < 1e-12 then 0 else sign(value - centre) end as side
    from centred
),

turns as (
    select
        *,
        coalesce(side <> lag(side) over (partition by unit_id order by month), true) as turns
    from sides
),

runs as (
    select
        *,
        sum(turns::integer) over (
            partition by unit_id order by month rows unbounded preceding
        ) as run
    from turns
),

lengths as (
    select
        *,
        count(*) over (
            partition by unit_id, run order by month rows unbounded preceding
        ) as run_length
    from runs
)

select
    month,
    unit_id,
    value::double as value,
    trials,
    centre::double as centre,
    case when mean_range is not null then greatest(centre - 2.66 * mean_range, 0) end::double
        as lower,
    case when mean_range is not null then least(centre + 2.66 * mean_range, 1) end::double
        as upper,
    moving_range::double as moving_range,
    points,
    case
        when points < 8 or value is null or mean_range is null then null
        when value - centre > 2.66 * mean_range + 1e-12 then 'above'
        when centre - value > 2.66 * mean_range + 1e-12 then 'below'
        when run_length >= 8 and side > 0 then 'run_above'
        when run_length >= 8 and side < 0 then 'run_below'
    end as signal,
    status
from lengths
order by month, unit_id
