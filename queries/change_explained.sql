-- One row per headline indicator, month, comparison and part: how a change came about.
-- $month: month; $comparison: previous_month or previous_year; $unit_id: unit (without it the
-- city); $modality: modality (then only of what has one); $indicator_id: indicator.
-- change = current - previous, and the seven parts add up to it: calendar (working days, at the
-- pace of the month before), missing (returns or days that did not come, then or now), entries
-- (enterprises or units that began or stopped; of labeling_enterprises all that joined or left),
-- volume (more or less work), mix (other modalities; of a rate also other shares of the units),
-- rate (another acceptance rate) and events (all that is left of a unit in whose month the plan
-- names an event). share: of the change, NULL unless all parts have one sign. value is NULL where
-- a month was not reported at all or is withheld (suppressed). value_compared,
-- value_compared_before: the indicator over the units_compared that have both months whole, and
-- part_compared the part over these units: it adds up to their difference.
-- per_day, per_day_before: the same on a working day. holidays_*: holidays of the month with
-- fewer working days.
with cells as (
    select
        *,
        unit_id as cell_unit
    from change_cells
    where
        ($month::date is null or month = $month::date)
        and ($comparison::varchar is null or comparison = $comparison::varchar)
        and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
        and ($modality::varchar is null or modality = $modality::varchar)
),

-- What each unit did with its rest; shares s and rates r of both months as in what_changed.
unit_cells as (
    select
        *,
        coalesce(now / nullif(now_of, 0), before / nullif(before_of, 0), 0) as r1,
        coalesce(before / nullif(before_of, 0), now / nullif(now_of, 0), 0) as r0,
        sum(now_of) over unit_rows as unit_of,
        sum(before_of) over unit_rows as unit_before_of,
        sum(now) over unit_rows as unit_now,
        sum(before) over unit_rows as unit_before
    from cells
    window unit_rows as (partition by month, comparison, measure, cell_unit)
),

unit_parts as (
    select
        month,
        comparison,
        measure,
        cell_unit,
        any_value(event) as event,
        any_value(comparable) as comparable,
        sum(value) as value,
        sum(value_before) as value_before,
        sum(missing) as missing,
        sum(calendar) as calendar,
        sum(entries) as entries,
        sum(rest) as rest,
        round(sum((now_of + before_of) / 2 * (r1 - r0) order by modality))::bigint as rate,
        round(
            any_value(unit_of + unit_before_of) / 2
            * sum(
                (
                    coalesce(now_of / nullif(unit_of, 0), before_of / nullif(unit_before_of, 0), 0)
                    - coalesce(
                        before_of / nullif(unit_before_of, 0), now_of / nullif(unit_of, 0), 0
                    )
                )
                * (
                    (r1 + r0) / 2
                    - (
                        coalesce(unit_now / nullif(unit_of, 0), 0)
                        + coalesce(unit_before / nullif(unit_before_of, 0), 0)
                    ) / 2
                )
                order by modality
            )
        )::bigint as mix
    from unit_cells
    group by month, comparison, measure, cell_unit
),

flows as (
    select
        unit_parts.month,
        unit_parts.comparison,
        unit_parts.measure as indicator_id,
        sum(unit_parts.value_before)::double as previous,
        sum(unit_parts.value)::double as current,
        sum(unit_parts.calendar)::double as calendar,
        sum(unit_parts.missing)::double as missing,
        sum(unit_parts.entries)::double as entries,
        coalesce(
            sum(unit_parts.rest - unit_parts.mix - unit_parts.rate) filter (
                where not unit_parts.event
            ), 0
        )::double as volume,
        coalesce(sum(unit_parts.mix) filter (where not unit_parts.event), 0)::double as mix,
        coalesce(sum(unit_parts.rate) filter (where not unit_parts.event), 0)::double as rate,
        coalesce(sum(unit_parts.rest) filter (where unit_parts.event), 0)::double as events,
        coalesce(sum(unit_parts.calendar) filter (where unit_parts.comparable), 0)::double
            as calendar_compared,
        coalesce(sum(unit_parts.entries) filter (where unit_parts.comparable), 0)::double
            as entries_compared,
        coalesce(
            sum(unit_parts.rest - unit_parts.mix - unit_parts.rate) filter (
                where unit_parts.comparable and not unit_parts.event
            ), 0
        )::double as volume_compared,
        coalesce(
            sum(unit_parts.mix) filter (where unit_parts.comparable and not unit_parts.event), 0
        )::double as mix_compared,
        coalesce(
            sum(unit_parts.rate) filter (where unit_parts.comparable and not unit_parts.event), 0
        )::double as rate_compared,
        coalesce(
            sum(unit_parts.rest) filter (where unit_parts.comparable and unit_parts.event), 0
        )::double as events_compared,
        (sum(unit_parts.value) filter (where unit_parts.comparable))::double as value_compared,
        (sum(unit_parts.value_before) filter (where unit_parts.comparable))::double
            as value_compared_before
    from unit_parts
    where unit_parts.measure in ('items_accepted', 'items_annotated')
    group by unit_parts.month, unit_parts.comparison, unit_parts.measure
),

-- Rates: cells of all units, over the comparable ones in the middle.
rate_cells as (
    select
        month,
        comparison,
        case measure when 'items_accepted' then 'acceptance_rate' else measure end
            as indicator_id,
        cell_unit,
        modality,
        event,
        comparable,
        value,
        value_before,
        value_of,
        value_before_of,
        sum(value) filter (where comparable) over city as city_now,
        sum(value_of) filter (where comparable) over city as city_now_of,
        sum(value_before) filter (where comparable) over city as city_before,
        sum(value_before_of) filter (where comparable) over city as city_before_of
    from cells
    where measure in ('items_accepted', 'first_pass_rate')
    window city as (partition by month, comparison, measure)
),

weighed as (
    select
        *,
        coalesce(value / nullif(value_of, 0), value_before / nullif(value_before_of, 0)) as r1,
        coalesce(value_before / nullif(value_before_of, 0), value / nullif(value_of, 0)) as r0,
        value_of / nullif(city_now_of, 0) as w1,
        value_before_of / nullif(city_before_of, 0) as w0,
        city_now / nullif(city_now_of, 0) as c1,
        city_before / nullif(city_before_of, 0) as c0
    from rate_cells
),

rate_sums as (
    select
        month,
        comparison,
        indicator_id,
        (sum(value) / nullif(sum(value_of), 0))::decimal(18, 15) as current,
        (sum(value_before) / nullif(sum(value_before_of), 0))::decimal(18, 15) as previous,
        any_value(c1)::decimal(18, 15) as value_compared,
        any_value(c0)::decimal(18, 15) as value_compared_before,
        sum((w1 - w0) * ((r1 + r0) / 2 - (c1 + c0) / 2) order by cell_unit, modality) filter (
            where comparable
        )::decimal(18, 15) as mix,
        coalesce(
            sum((w1 + w0) / 2 * (r1 - r0) order by cell_unit, modality) filter (
                where comparable and event
            ), 0
        )::decimal(18, 15) as events
    from weighed
    group by month, comparison, indicator_id
),

rates as (
    select
        month,
        comparison,
        indicator_id,
        previous,
        current,
        0 as calendar,
        -- Nothing to compare: the whole change is that other returns are there.
        case
            when value_compared is null or value_compared_before is null then current - previous
            else (current - previous) - (value_compared - value_compared_before)
        end as missing,
        0 as entries,
        0 as volume,
        coalesce(mix, 0) as mix,
        case
            when value_compared is null or value_compared_before is null then 0
            else value_compared - value_compared_before - coalesce(mix, 0) - events
        end as rate,
        case when value_compared is null or value_compared_before is null then 0 else events end
            as events,
        0 as calendar_compared,
        0 as entries_compared,
        0 as volume_compared,
        coalesce(mix, 0) as mix_compared,
        value_compared - value_compared_before - coalesce(mix, 0) - events as rate_compared,
        events as events_compared,
        value_compared,
        value_compared_before
    from rate_sums
),

first_known as (
    select
        indicator_id,
        scope,
        min(month) as month
    from indicator_monthly
    where value is not null
    group by indicator_id, scope
),

-- Stocks: what each unit has, where both months are known.
stock_units as (
    select
        now.indicator_id,
        now.month,
        sides.comparison,
        now.scope as cell_unit,
        now.value,
        before.value as value_before,
        (now.status in ('C', 'W') and coalesce(now.units_reported, 1) > 0)
        or (before.status in ('C', 'W') and coalesce(before.units_reported, 1) > 0) as hidden,
        now.value is not null or (now.status in ('C', 'W') and coalesce(now.units_reported, 1) > 0)
            as known_now,
        before.value is not null
        or (before.status in ('C', 'W') and coalesce(before.units_reported, 1) > 0) as known_before,
        first_known.month > before.month as begins
    from indicator_monthly as now
    cross join (values ('previous_month'), ('previous_year')) as sides (comparison)
    inner join indicator_monthly as before
        on
            now.indicator_id = before.indicator_id
            and now.scope = before.scope
            and before.month = (
                now.month
                - case sides.comparison
                    when 'previous_month' then interval 1 month
                    else interval 1 year
                end
            )::date
    left join first_known
        on now.indicator_id = first_known.indicator_id and now.scope = first_known.scope
    where
        now.indicator_id in ('labeling_enterprises', 'hq_datasets', 'workers')
        and now.scope <> 'city'
        and $modality::varchar is null
        and ($month::date is null or now.month = $month::date)
        and ($comparison::varchar is null or sides.comparison = $comparison::varchar)
        and ($unit_id::varchar is null or now.scope = $unit_id::varchar)
),

stock_parts as (
    select
        indicator_id,
        month,
        comparison,
        bool_or(hidden) as hidden,
        sum(value)::double as current,
        sum(value_before)::double as previous,
        coalesce(
            sum(coalesce(value, 0) - coalesce(value_before, 0)) filter (
                where (value is null or value_before is null) and not coalesce(begins, false)
            ), 0
        )::double as missing,
        coalesce(sum(value) filter (where value_before is null and begins), 0)::double as begun,
        coalesce(
            sum(value - value_before) filter (
                where value is not null and value_before is not null
            ), 0
        )::double as rest,
        (sum(value) filter (where value_before is not null))::double as value_compared,
        (sum(value_before) filter (where value is not null))::double as value_compared_before
    from stock_units
    group by indicator_id, month, comparison
),

stocks as (
    select
        month,
        comparison,
        indicator_id,
        case when not hidden then previous end as previous,
        case when not hidden then current end as current,
        0 as calendar,
        missing,
        begun + case when indicator_id = 'labeling_enterprises' then rest else 0 end as entries,
        case when indicator_id = 'labeling_enterprises' then 0 else rest end as volume,
        0 as mix,
        0 as rate,
        0 as events,
        0 as calendar_compared,
        case when indicator_id = 'labeling_enterprises' then rest else 0 end as entries_compared,
        case when indicator_id = 'labeling_enterprises' then 0 else rest end as volume_compared,
        0 as mix_compared,
        0 as rate_compared,
        0 as events_compared,
        case when not hidden then value_compared end as value_compared,
        case when not hidden then value_compared_before end as value_compared_before,
        hidden
    from stock_parts
),

together as (
    select * from flows
    union all by name
    select * from rates
    union all by name
    select * from stocks
),

-- How many units were due, reported and are value_compared.
counted as (
    select
        unit_months.month,
        sides.comparison,
        count(*) filter (where unit_months.reported) as units_now,
        count(*) filter (where before.reported) as units_before,
        count(*) filter (where unit_months.whole and before.whole) as units_compared
    from unit_months
    cross join (values ('previous_month'), ('previous_year')) as sides (comparison)
    left join unit_months as before
        on
            unit_months.unit_id = before.unit_id
            and before.month = (
                unit_months.month
                - case sides.comparison
                    when 'previous_month' then interval 1 month
                    else interval 1 year
                end
            )::date
    where $unit_id::varchar is null or unit_months.unit_id = $unit_id::varchar
    group by unit_months.month, sides.comparison
),

stock_counts as (
    select
        indicator_id,
        month,
        comparison,
        count(*) filter (where known_now and known_before) as units_compared
    from stock_units
    group by indicator_id, month, comparison
),

known as (
    select
        together.*,
        coalesce(together.hidden, false) as suppressed,
        coalesce(stock_counts.units_compared, counted.units_compared, 0) as units_compared,
        coalesce(together.indicator_id in ('items_accepted', 'items_annotated'), false) as is_flow,
        case
            when stock_counts.indicator_id is not null or counted.units_now > 0
                then together.current
        end as known_current,
        case
            when stock_counts.indicator_id is not null or counted.units_before > 0
                then together.previous
        end as known_previous,
        (
            together.month
            - case together.comparison
                when 'previous_month' then interval 1 month
                else interval 1 year
            end
        )::date as base_month
    from together
    left join counted
        on together.month = counted.month and together.comparison = counted.comparison
    left join stock_counts
        on
            together.indicator_id = stock_counts.indicator_id
            and together.month = stock_counts.month
            and together.comparison = stock_counts.comparison
),

parts as (
    select
        known.*,
        known.known_current - known.known_previous as change,
        part.place,
        part.part,
        case when known.known_current - known.known_previous is not null then part.value end
            as value,
        case
            when known.value_compared - known.value_compared_before is not null
                then part.compared
        end as part_compared
    from known
    cross join
        lateral (
            values
            (1, 'calendar', known.calendar::double, known.calendar_compared::double),
            (2, 'missing', known.missing::double, 0),
            (3, 'entries', known.entries::double, known.entries_compared::double),
            (4, 'volume', known.volume::double, known.volume_compared::double),
            (5, 'mix', known.mix::double, known.mix_compared::double),
            (6, 'rate', known.rate::double, known.rate_compared::double),
            (7, 'events', known.events::double, known.events_compared::double)
        ) as part (place, part, value, compared)
    where $indicator_id::varchar is null or known.indicator_id = $indicator_id::varchar
)

select
    parts.indicator_id,
    parts.month,
    parts.comparison,
    parts.base_month,
    parts.known_previous::double as previous,
    parts.known_current::double as current,
    parts.change::double as change,
    parts.part,
    parts.value::double as value,
    case
        when
            min(round(parts.value, 12)) over whole >= 0
            or max(round(parts.value, 12)) over whole <= 0
            then round(parts.value / nullif(parts.change, 0), 6) + 0
    end::double as share,
    parts.value_compared::double as value_compared,
    parts.value_compared_before::double as value_compared_before,
    parts.part_compared::double as part_compared,
    parts.units_compared::bigint as units_compared,
    case when parts.is_flow then parts.value_compared / nullif(now.working_days, 0) end::double
        as per_day,
    case
        when parts.is_flow then parts.value_compared_before / nullif(base.working_days, 0)
    end::double
        as per_day_before,
    now.working_days,
    base.working_days as working_days_before,
    case
        when now.working_days < base.working_days then now.holidays_zh
        when now.working_days > base.working_days then base.holidays_zh
    end as holidays_zh,
    case
        when now.working_days < base.working_days then now.holidays_en
        when now.working_days > base.working_days then base.holidays_en
    end as holidays_en,
    parts.suppressed
from parts
left join working_days as now on parts.month = now.month
left join working_days as base on parts.base_month = base.month
window whole as (partition by parts.indicator_id, parts.month, parts.comparison)
order by parts.indicator_id, parts.month, parts.comparison, parts.place
