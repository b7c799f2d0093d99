-- One row per indicator: its value in one place and month beside that in another.
-- $to_month: month of the value (the opening month without it); $base_month: month beside it
-- (without it the one before). $scope: city (without it) or a unit; $base_scope: the place beside
-- it (the same without it).
-- change: value less value_before; for the city over the units_compared that are in both.
-- relative: change ÷ the value before, NULL for rates and on a zero base. reason: why there
-- is no change: suppressed, no_value (nothing is due in one of the two months), missing,
-- other_units (they cannot be told apart); why there is no relative alone: base_zero.
with asked as (
    select
        coalesce($scope::varchar, 'city') as scope,
        coalesce($base_scope::varchar, $scope::varchar, 'city') as base_scope,
        coalesce($to_month::date, month) as month,
        coalesce(
            $base_month::date,
            (coalesce($to_month::date, month) - interval 1 month)::date
        ) as base_month
    from opening_month
),

all_parts as (
    select * from parts_output
    union all by name
    select * from parts_workforce
    union all by name
    select * from parts_revenue
    union all by name
    select * from parts_enterprises
    union all by name
    select * from parts_datasets
    union all by name
    select * from parts_returns
),

parts as (
    select
        indicator_id,
        month,
        unit_id,
        method,
        coalesce(hidden, false) as hidden,
        coalesce(whole, true) as whole,
        numerator::decimal(38, 9) as numerator,
        denominator::decimal(38, 9) as denominator
    from all_parts
    where
        method in ('total', 'ratio')
        and (
            hidden
            or (numerator is not null and (method = 'total' or denominator is not null))
        )
),

has_parts as (
    select distinct indicator_id
    from parts
),

-- The city over the units of both months; a unit is compared by its values alone.
sums as (
    select
        now.indicator_id,
        now.method,
        bool_or(now.hidden or before.hidden) as hidden,
        count(*)::bigint as units,
        sum(now.numerator)::double as now_numerator,
        sum(now.denominator)::double as now_denominator,
        sum(before.numerator)::double as before_numerator,
        sum(before.denominator)::double as before_denominator
    from asked
    inner join parts as now on asked.month = now.month
    inner join parts as before
        on
            asked.base_month = before.month
            and now.indicator_id = before.indicator_id
            and now.unit_id = before.unit_id
    where
        asked.scope = 'city'
        and asked.base_scope = 'city'
        and now.whole
        and before.whole
    group by now.indicator_id, now.method
),

sides as (
    select
        indicators.indicator_id,
        indicators.kind in ('ratio', 'growth') as is_rate,
        asked.scope = 'city' and asked.base_scope = 'city' as of_city,
        has_parts.indicator_id is not null as has_parts,
        asked.month,
        asked.base_month,
        asked.scope,
        asked.base_scope,
        now.value,
        now.status,
        now.units_reported,
        now.units_due,
        before.value as value_before,
        before.status as before_status,
        before.units_reported as before_units_reported,
        before.units_due as before_units_due,
        sums.units,
        sums.hidden as parts_hidden,
        sums.method,
        -- Where a part is withheld, the city's values speak if they are over the same units.
        coalesce(
            sums.units = now.units_reported and sums.units = before.units_reported, false
        ) as same_units,
        coalesce(now.units_reported = now.units_due, now.units_due is null)
        and coalesce(before.units_reported = before.units_due, before.units_due is null)
            as whole,
        case sums.method
            when 'total' then sums.now_numerator
            else sums.now_numerator / nullif(sums.now_denominator, 0)
        end as now_sum,
        case sums.method
            when 'total' then sums.before_numerator
            else sums.before_numerator / nullif(sums.before_denominator, 0)
        end as before_sum
    from indicators
    cross join asked
    left join indicator_monthly as now
        on
            indicators.indicator_id = now.indicator_id
            and asked.scope = now.scope
            and asked.month = now.month
    left join indicator_monthly as before
        on
            indicators.indicator_id = before.indicator_id
            and asked.base_scope = before.scope
            and asked.base_month = before.month
    left join has_parts on indicators.indicator_id = has_parts.indicator_id
    left join sums on indicators.indicator_id = sums.indicator_id
),

judged as (
    select
        *,
        case
            when status is null or before_status is null then 'no_value'
            when status in ('C', 'W') or before_status in ('C', 'W') then 'suppressed'
            when value is null or value_before is null then 'missing'
            when not of_city then null
            when has_parts and units is null then 'other_units'
            when has_parts and parts_hidden and not same_units then 'suppressed'
            when not has_parts and not whole then 'other_units'
        end as reason,
        of_city and has_parts and not coalesce(parts_hidden, false) as by_sums
    from sides
),

compared as (
    select
        *,
        case when reason is null then if(by_sums, now_sum, value) end as now_value,
        case when reason is null then if(by_sums, before_sum, value_before) end as before_value
    from judged
)

select
    indicators.indicator_id,
    indicators.name_zh,
    indicators.name_en,
    indicators.unit_zh,
    indicators.unit_en,
    indicators.kind,
    indicators.better,
    compared.scope,
    compared.month,
    compared.value,
    compared.status,
    compared.units_reported,
    compared.units_due,
    compared.base_scope,
    compared.base_month,
    compared.value_before,
    compared.before_status,
    compared.before_units_reported,
    compared.before_units_due,
    case when compared.of_city and compared.reason is null then compared.units end
        as units_compared,
    (compared.now_value - compared.before_value)::double as change,
    case
        when not compared.is_rate and compared.before_value > 0
            then (compared.now_value / compared.before_value - 1)::double
    end as relative,
    case
        when compared.reason is not null then compared.reason
        when not compared.is_rate and compared.before_value <= 0 then 'base_zero'
    end as reason,
    coalesce(compared.reason = 'suppressed', false) as suppressed
from indicators
inner join compared on indicators.indicator_id = compared.indicator_id
order by indicators.sort, indicators.indicator_id
