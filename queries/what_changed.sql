-- One row per headline indicator and unit: its part in the city's change, and what made it.
-- $to_month: the month (the opening month without it); $against: period (the month before,
-- also without it) or year (the same month of the year before); $indicator_id: indicator;
-- $modality: modality (then only of what has one: items_accepted, acceptance_rate).
-- Only units with both months whole are compared; for others change is NULL, not a fall, and
-- reason is not_whole (a part of a month is missing), not_reported (this month is),
-- newly_reported (the earlier one) or neither. reason is
-- suppressed where the reader may not see what a unit compares; then the city's are its own
-- values over the very same units, or NULL with city_suppressed.
-- change = volume + mix + rate, and over the units it adds up to city_change = city_value -
-- city_value_before. volume: more or less reviewed work; mix: other modalities (for
-- acceptance_rate also other shares of the units); rate: another acceptance rate. Each is
-- taken at the mean of both months, so that none is left over. Counts have volume only.
with as_at as (
    select
        coalesce(date_trunc('month', $to_month::date)::date, month) as this_month,
        (
            coalesce(date_trunc('month', $to_month::date)::date, month)
            - case when $against::varchar = 'year' then interval 1 year else interval 1 month end
        )::date as base_month
    from opening_month
),

cells as (
    select
        output_monthly.unit_id,
        output_monthly.modality,
        coalesce(sum(accepted) filter (where month = this_month), 0)::double as a1,
        coalesce(sum(accepted) filter (where month = base_month), 0)::double as a0,
        coalesce(sum(reviewed_with_accepted) filter (where month = this_month), 0)::double as v1,
        coalesce(sum(reviewed_with_accepted) filter (where month = base_month), 0)::double as v0
    from output_monthly
    inner join as_at on output_monthly.month in (as_at.this_month, as_at.base_month)
    where $modality::varchar is null or output_monthly.modality = $modality::varchar
    group by output_monthly.unit_id, output_monthly.modality
),

-- What a unit accepted: 0 of a modality that it does not have, NULL where nobody told.
accepted as (
    select
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        unit_months.whole,
        case
            when unit_months.reported and count(output_monthly.unit_id) = 0 then 0
            else sum(output_monthly.accepted)
        end::double as accepted
    from unit_months
    left join output_monthly
        on
            unit_months.month = output_monthly.month
            and unit_months.unit_id = output_monthly.unit_id
            and ($modality::varchar is null or output_monthly.modality = $modality::varchar)
    group by
        unit_months.month,
        unit_months.unit_id,
        unit_months.status,
        unit_months.whole,
        unit_months.reported
),

both_months as (
    select
        units.unit_id,
        now.accepted,
        before.accepted as accepted_before,
        coalesce(
            now.whole and before.whole
            and now.accepted is not null and before.accepted is not null, false
        ) as comparable,
        coalesce(now.status, 'M') as status
    from units
    cross join as_at
    left join accepted as now
        on units.unit_id = now.unit_id and as_at.this_month = now.month
    left join accepted as before
        on units.unit_id = before.unit_id and as_at.base_month = before.month
),

unit_sums as (
    select
        cells.*,
        sum(cells.v1) over units_rows as unit_v1,
        sum(cells.v0) over units_rows as unit_v0,
        sum(cells.a1) over units_rows as unit_a1,
        sum(cells.a0) over units_rows as unit_a0,
        sum(cells.v1) over () as city_v1,
        sum(cells.v0) over () as city_v0,
        sum(cells.a1) over () as city_a1,
        sum(cells.a0) over () as city_a0
    from cells
    inner join both_months on cells.unit_id = both_months.unit_id
    where both_months.comparable
    window units_rows as (partition by cells.unit_id)
),

-- Shares s and rates r of both months; where one month has none, nothing changed in it.
shared as (
    select
        *,
        coalesce(a1 / nullif(v1, 0), a0 / nullif(v0, 0), 0) as r1,
        coalesce(a0 / nullif(v0, 0), a1 / nullif(v1, 0), 0) as r0,
        coalesce(v1 / nullif(unit_v1, 0), v0 / nullif(unit_v0, 0), 0) as s1,
        coalesce(v0 / nullif(unit_v0, 0), v1 / nullif(unit_v1, 0), 0) as s0,
        coalesce(unit_a1 / nullif(unit_v1, 0), unit_a0 / nullif(unit_v0, 0), 0) as unit_r1,
        coalesce(unit_a0 / nullif(unit_v0, 0), unit_a1 / nullif(unit_v1, 0), 0) as unit_r0,
        v1 / nullif(city_v1, 0) as w1,
        v0 / nullif(city_v0, 0) as w0,
        city_a1 / nullif(city_v1, 0) as city_r1,
        city_a0 / nullif(city_v0, 0) as city_r0
    from unit_sums
),

-- Sums of fractions are taken in one order, so that their last digit does not depend on chance.
effects as (
    select
        unit_id,
        sum(a1) / nullif(sum(v1), 0) as rate_now,
        sum(a0) / nullif(sum(v0), 0) as rate_before,
        (sum(v1) - sum(v0))
        * (sum(s1 * r1 order by modality) + sum(s0 * r0 order by modality)) / 2 as volume,
        (sum(v1) + sum(v0)) / 2
        * sum((s1 - s0) * ((r1 + r0) - (unit_r1 + unit_r0)) / 2 order by modality) as mix,
        any_value(city_r1) as city_r1,
        any_value(city_r0) as city_r0,
        sum((w1 - w0) * ((r1 + r0) / 2 - (city_r1 + city_r0) / 2) order by modality) as rate_mix,
        sum((w1 + w0) / 2 * (r1 - r0) order by modality) as rate_rate
    from shared
    group by unit_id
),

counted as (
    select
        indicators.indicator_id,
        units.unit_id,
        now.value,
        before.value as value_before,
        now.value is null
        and now.status in ('C', 'W')
        and coalesce(now.units_reported, 1) > 0 as hidden,
        before.value is null
        and before.status in ('C', 'W')
        and coalesce(before.units_reported, 1) > 0 as hidden_before,
        coalesce(now.status, 'M') as status
    from indicators
    cross join units
    cross join as_at
    left join indicator_monthly as now
        on
            indicators.indicator_id = now.indicator_id
            and units.unit_id = now.scope
            and as_at.this_month = now.month
    left join indicator_monthly as before
        on
            indicators.indicator_id = before.indicator_id
            and units.unit_id = before.scope
            and as_at.base_month = before.month
    where
        indicators.indicator_id in ('labeling_enterprises', 'hq_datasets', 'workers')
        and $modality::varchar is null
),

-- told, told_before: whether the return is there; a rate may still have nothing to divide by.
parts as (
    select
        'items_accepted' as indicator_id,
        both_months.unit_id,
        both_months.accepted as value,
        both_months.accepted_before as value_before,
        case
            when both_months.comparable
                then both_months.accepted - both_months.accepted_before
        end as change,
        case when both_months.comparable then coalesce(effects.volume, 0) end as volume,
        case when both_months.comparable then coalesce(effects.mix, 0) end as mix,
        null::double as rate,
        both_months.accepted is not null as told,
        both_months.accepted_before is not null as told_before,
        both_months.comparable,
        both_months.status
    from both_months
    left join effects on both_months.unit_id = effects.unit_id
    union all by name
    select
        'acceptance_rate' as indicator_id,
        both_months.unit_id,
        effects.rate_now as value,
        effects.rate_before as value_before,
        effects.rate_mix + effects.rate_rate as change,
        effects.rate_mix as mix,
        effects.rate_rate as rate,
        both_months.accepted is not null as told,
        both_months.accepted_before is not null as told_before,
        both_months.comparable,
        both_months.status
    from both_months
    left join effects on both_months.unit_id = effects.unit_id
    union all by name
    select
        indicator_id,
        unit_id,
        value,
        value_before,
        value - value_before as change,
        value - value_before as volume,
        value is not null or coalesce(hidden, false) as told,
        value_before is not null or coalesce(hidden_before, false) as told_before,
        coalesce(hidden, false) or coalesce(hidden_before, false) as hidden,
        (value is not null or coalesce(hidden, false))
        and (value_before is not null or coalesce(hidden_before, false)) as comparable,
        status
    from counted
),

city_rates as (
    select
        any_value(city_r1) as city_r1,
        any_value(city_r0) as city_r0
    from effects
),

summed as (
    select
        indicator_id,
        (sum(value::decimal(38, 9)) filter (where comparable))::double as city_value,
        (sum(value_before::decimal(38, 9)) filter (where comparable))::double
            as city_value_before,
        (count(*) filter (where comparable))::bigint as units_compared,
        count(*)::bigint as units_due,
        coalesce(bool_or(hidden) filter (where comparable), false) as partly_hidden
    from parts
    group by indicator_id
),

-- Where a unit's part is withheld, the city's values speak if they are over the very same units.
whole as (
    select
        summed.indicator_id,
        summed.units_compared,
        summed.units_due,
        summed.partly_hidden
        and not coalesce(
            summed.units_compared = now.units_reported
            and summed.units_compared = before.units_reported
            and now.value is not null
            and before.value is not null,
            false
        ) as city_suppressed,
        case
            when summed.indicator_id = 'acceptance_rate' then city_rates.city_r1
            when summed.partly_hidden then now.value
            else summed.city_value
        end as city_value,
        case
            when summed.indicator_id = 'acceptance_rate' then city_rates.city_r0
            when summed.partly_hidden then before.value
            else summed.city_value_before
        end as city_value_before
    from summed
    cross join as_at
    cross join city_rates
    left join indicator_monthly as now
        on
            summed.indicator_id = now.indicator_id
            and now.scope = 'city'
            and as_at.this_month = now.month
    left join indicator_monthly as before
        on
            summed.indicator_id = before.indicator_id
            and before.scope = 'city'
            and as_at.base_month = before.month
)

select
    parts.indicator_id,
    parts.unit_id,
    as_at.this_month as month,
    as_at.base_month,
    parts.value::double as value,
    parts.value_before::double as value_before,
    parts.change::double as change,
    parts.volume::double as volume,
    parts.mix::double as mix,
    case
        when parts.indicator_id = 'items_accepted' then parts.change - parts.volume - parts.mix
        else parts.rate
    end::double as rate,
    case when not whole.city_suppressed then whole.city_value end::double as city_value,
    case when not whole.city_suppressed then whole.city_value_before end::double
        as city_value_before,
    case when not whole.city_suppressed then whole.city_value - whole.city_value_before end::double
        as city_change,
    whole.city_suppressed,
    whole.units_compared,
    whole.units_due,
    case
        when parts.told and parts.told_before and parts.hidden then 'suppressed'
        when parts.comparable then 'change'
        when parts.told and parts.told_before then 'not_whole'
        when parts.told_before then 'not_reported'
        when parts.told then 'newly_reported'
        else 'neither'
    end as reason,
    parts.status
from parts
cross join as_at
inner join whole on parts.indicator_id = whole.indicator_id
where $indicator_id::varchar is null or parts.indicator_id = $indicator_id::varchar
order by parts.indicator_id asc, abs(parts.change) desc nulls last, parts.unit_id
