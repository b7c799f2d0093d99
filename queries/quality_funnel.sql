-- One row per measure (acceptance_rate, gold_accuracy) and unit: how far its rate lies from that
-- of its kind, against what chance does at so many items.
-- $from_month, $to_month: first and last month; $modality: modality; $measure: measure;
-- $unit_id: unit (limits stay those of all).
-- centre: the median rate of the units of its kind that have trials; NULL, with limits and signal,
-- under four of them, for two or three units would judge each other. Limits: centre +- z x
-- standard error, widened by sqrt(dispersion) where units differ more than chance: dispersion is
-- the squared median of |z| over 0.6745 of all judged units of the measure, at least 1. Medians,
-- so that one bad unit hides no other. signal: outside_998, outside_95, within.
with trials as (
    select
        measure.measure,
        output_monthly.unit_id,
        sum(measure.successes)::bigint as successes,
        sum(measure.trials)::bigint as trials
    from output_monthly
    cross join (
        values
        ('acceptance_rate', accepted, reviewed_with_accepted),
        ('gold_accuracy', gold_correct, gold_items_with_correct)
    ) as measure (measure, successes, trials)
    where
        ($from_month::date is null or output_monthly.month >= $from_month::date)
        and ($to_month::date is null or output_monthly.month <= $to_month::date)
        and ($modality::varchar is null or output_monthly.modality = $modality::varchar)
        and measure.trials > 0
    group by measure.measure, output_monthly.unit_id
),

every as (
    select
        measures.measure,
        units.unit_id,
        units.kind,
        trials.successes,
        trials.trials,
        trials.successes / trials.trials::double as rate,
        case
            when count(trials.trials) over kinds >= 4
                then median(trials.successes / trials.trials::double) over kinds
        end as centre
    from units
    cross join (values ('acceptance_rate'), ('gold_accuracy')) as measures (measure)
    left join trials
        on units.unit_id = trials.unit_id and measures.measure = trials.measure
    window kinds as (partition by measures.measure, units.kind)
),

scored as (
    select
        *,
        (rate - centre) / nullif(sqrt(centre * (1 - centre) / trials), 0) as z
    from every
),

dispersions as (
    select
        measure,
        greatest(pow(median(abs(z)) / 0.6745, 2), 1)::double as dispersion
    from scored
    where z is not null
    group by measure
),

limited as (
    select
        scored.*,
        case
            when scored.centre is not null then coalesce(dispersions.dispersion, 1)
        end as dispersion,
        sqrt(
            coalesce(dispersions.dispersion, 1)
            * scored.centre * (1 - scored.centre) / scored.trials
        ) as error
    from scored
    left join dispersions on scored.measure = dispersions.measure
)

select
    measure,
    unit_id,
    kind,
    successes,
    trials,
    rate::double as rate,
    centre::double as centre,
    dispersion::double as dispersion,
    case when error is not null then greatest(centre - 1.959963984540054 * error, 0) end::double
        as low_95,
    case when error is not null then least(centre + 1.959963984540054 * error, 1) end::double
        as high_95,
    case when error is not null then greatest(centre - 3.090232306167813 * error, 0) end::double
        as low_998,
    case when error is not null then least(centre + 3.090232306167813 * error, 1) end::double
        as high_998,
    case
        when trials is null or centre is null then null
        when abs(rate - centre) > 3.090232306167813 * error then 'outside_998'
        when abs(rate - centre) > 1.959963984540054 * error then 'outside_95'
        else 'within'
    end as signal
from limited
where
    ($measure::varchar is null or measure = $measure::varchar)
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
order by measure, unit_id
