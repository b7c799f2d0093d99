-- One row per month of labeling and unit: a monthly rate, where it was to be expected, and limits.
-- $measure: acceptance_rate (also without it), first_pass_rate or gold_accuracy;
-- $from_month, $to_month: first and last month; $unit_id: unit (limits stay those of all);
-- $modality: modality.
-- Rates are worked on as angles (arcsine of the root), so that few trials and rates near 1 have
-- limits of their own. What moves the whole city in a month (a season, a festival; the median over
-- four units or more) is no signal of a unit. basis: level; trend (straight or slowing), where the
-- months ask for one; shift, where one lasting step explains them better. centre follows the
-- basis: after a shift it is another one. lower, upper: 4.2 standard errors of the month's trials,
-- widened by the spread from month to month beyond chance (Laney), at least chance's own.
-- points: months with a value; signal only from eight on: above, below a limit, shift_above or
-- shift_below in the first month of a lasting step. charts: how many units were searched.
-- Not reported is NULL with status M.
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
        sums.successes / nullif(sums.trials, 0) as value,
        asin(sqrt((sums.successes + 0.375) / (nullif(sums.trials, 0) + 0.75))) as angle,
        0.25 / nullif(sums.trials, 0) as chance,
        datediff('month', min(unit_months.month) over (), unit_months.month)::double as t
    from unit_months
    left join sums on unit_months.month = sums.month and unit_months.unit_id = sums.unit_id
    where
        ($from_month::date is null or unit_months.month >= $from_month::date)
        and ($to_month::date is null or unit_months.month <= $to_month::date)
),

levels as (
    select
        *,
        median(angle) over (partition by unit_id) as usual
    from rates
),

commons as (
    select
        *,
        case
            when count(angle) over (partition by month) >= 4
                then median(angle - usual) over (partition by month)
            else 0
        end as common
    from levels
),

rests as (
    select
        *,
        angle - usual - common as rest,
        ln(1 + t) as slowing
    from commons
),

steps as (
    select
        *,
        (rest - lag(rest) over units_months)
        / sqrt(chance + lag(chance) over units_months) as step
    from rests
    window units_months as (partition by unit_id order by month)
),

pooled as (
    select greatest(coalesce(median(abs(step)) / 0.6745, 1), 1) as pooled
    from steps
),

spreads as (
    select
        steps.unit_id,
        greatest(
            (
                20 * pow(any_value(pooled.pooled), 2)
                + coalesce(
                    sum(
                        least(pow(steps.step, 2), 9 * pow(pooled.pooled, 2))::decimal(38, 9)
                    ) filter (where steps.step is not null),
                    0
                )::double
            )
            / (20 + count(steps.step)),
            1
        ) as spread
    from steps
    cross join pooled
    group by steps.unit_id
),

weighed as (
    select
        rests.*,
        rests.chance * spreads.spread as variance,
        1 / (rests.chance * spreads.spread) as weight,
        median(rests.rest) over around as nearby
    from rests
    inner join spreads on rests.unit_id = spreads.unit_id
    window around as (
        partition by rests.unit_id order by rests.month
        rows between 2 preceding and 2 following
    )
),

-- One month alone bends no line: it counts as far as three errors from the months around it.
clipped as (
    select
        *,
        least(
            greatest(rest, nearby - 3 * sqrt(variance)), nearby + 3 * sqrt(variance)
        ) as fit
    from weighed
    where weight is not null
),


centred as (
    select
        *,
        fit - sum(weight * fit) over whole / sum(weight) over whole as x,
        rest - sum(weight * fit) over whole / sum(weight) over whole as raw,
        t - sum(weight * t) over whole / sum(weight) over whole as straight,
        slowing - sum(weight * slowing) over whole / sum(weight) over whole as curved
    from clipped
    window whole as (
        partition by unit_id order by month rows between
        unbounded preceding and unbounded following
    )
),

bent as (
    select
        *,
        curved
        - straight
        * sum(weight * straight * curved) over whole
        / nullif(sum(weight * straight * straight) over whole, 0) as bend
    from centred
    window whole as (
        partition by unit_id order by month rows between
        unbounded preceding and unbounded following
    )
),

fitted as (
    select
        *,
        count(*) over (partition by unit_id order by month) - 1 as before,
        count(*) over whole - count(*) over (partition by unit_id order by month) + 1
            as after,
        coalesce(sum(weight * x) over earlier, 0) as moved,
        coalesce(sum(weight) over earlier, 0) as weight_before,
        sum(weight) over whole as weight_whole,
        sum(weight * straight * x) over whole
        / nullif(sum(weight * straight * straight) over whole, 0) as slope,
        coalesce(
            sum(weight * bend * x) over whole
            / nullif(
                case
                    when sum(weight * bend * bend) over whole > 1e-6
                        then sum(weight * bend * bend) over whole
                end,
                0
            ),
            0
        ) as turn,
        sum(weight * straight * straight) over whole as straight_weight,
        sum(weight * bend * bend) over whole as bend_weight
    from bent
    window
        whole as (
            partition by unit_id order by month rows between
            unbounded preceding and unbounded following
        ),
        earlier as (
            partition by unit_id order by month rows between
            unbounded preceding and 1 preceding
        )
),

splits as (
    select
        unit_id,
        month as shifted_on,
        moved / weight_before as level_before,
        -moved / (weight_whole - weight_before) as level_after,
        pow(moved, 2) * weight_whole / (weight_before * (weight_whole - weight_before))
            as step_gain,
        coalesce(pow(slope, 2) * straight_weight + pow(turn, 2) * bend_weight, 0) as trend_gain
    from fitted
    where before >= 3 and after >= 3
    qualify row_number() over (
        partition by unit_id order by round(step_gain, 6) desc, month
    ) = 1
),

judged as (
    select
        fitted.unit_id,
        fitted.month,
        splits.shifted_on,
        case
            when splits.step_gain > 17 and splits.step_gain > splits.trend_gain + 2
                then 'shift'
            when splits.trend_gain > 9 then 'trend'
            else 'level'
        end as basis,
        splits.level_before,
        splits.level_after,
        fitted.slope * fitted.straight + fitted.turn * fitted.bend as trend,
        fitted.raw
    from fitted
    left join splits on fitted.unit_id = splits.unit_id
),

expected as (
    select
        *,
        case basis
            when 'level' then 0
            when 'trend' then trend
            when 'shift' then if(month < shifted_on, level_before, level_after)
        end as usual_rest
    from judged
),

scored as (
    select
        weighed.month,
        weighed.unit_id,
        weighed.value,
        weighed.trials,
        weighed.status,
        expected.basis,
        expected.shifted_on,
        expected.level_after > expected.level_before as upwards,
        round((expected.raw - expected.usual_rest) / sqrt(weighed.variance), 9) as z,
        weighed.angle - (expected.raw - expected.usual_rest) as centre_angle,
        4.2 * sqrt(weighed.variance) as reach,
        count(weighed.value) over (partition by weighed.unit_id) as points
    from weighed
    left join expected
        on weighed.unit_id = expected.unit_id and weighed.month = expected.month
),

searched as (
    select count(distinct unit_id) filter (where points >= 8) as charts
    from scored
)

select
    scored.month,
    scored.unit_id,
    scored.value::double as value,
    scored.trials,
    case
        when scored.centre_angle is not null
            then round(pow(sin(least(greatest(scored.centre_angle, 0), pi() / 2)), 2), 12)
    end::double as centre,
    case
        when scored.centre_angle is not null
            then
                round(
                    pow(sin(least(greatest(scored.centre_angle - scored.reach, 0), pi() / 2)), 2),
                    12
                )
    end::double as lower,
    case
        when scored.centre_angle is not null
            then
                round(
                    pow(sin(least(greatest(scored.centre_angle + scored.reach, 0), pi() / 2)), 2),
                    12
                )
    end::double as upper,
    scored.basis,
    scored.points::bigint as points,
    case
        when scored.points < 8 or scored.value is null then null
        when scored.basis = 'shift' and scored.month = scored.shifted_on
            then if(scored.upwards, 'shift_above', 'shift_below')
        when scored.z > 4.2 then 'above'
        when scored.z < -4.2 then 'below'
    end as signal,
    searched.charts::bigint as charts,
    scored.status
from scored
cross join searched
where $unit_id::varchar is null or scored.unit_id = $unit_id::varchar
order by scored.month, scored.unit_id
