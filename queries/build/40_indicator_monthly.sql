-- One row per indicator, scope (city or a unit) and month: every computable indicator in every
-- month of the data from its first value on (a quarterly one in the last month of each
-- quarter), and what indicator_values carries where nothing can be computed. NULL with status M
-- where nobody reported. units_reported: units whose returns are in the value, of units_due;
-- both NULL for a value that an office sent as a whole. A growth rate is made of the units that
-- reported in both quarters: who is new or late is in neither.
with parts as (
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

-- The base of a growth rate is its denominator.
based as (
    select
        parts.indicator_id,
        parts.method,
        parts.month,
        parts.unit_id,
        parts.numerator,
        case parts.method
            when 'growth' then year_before.numerator
            else parts.denominator
        end as denominator
    from parts
    left join parts as year_before
        on
            parts.method = 'growth'
            and parts.indicator_id = year_before.indicator_id
            and parts.unit_id = year_before.unit_id
            and parts.month = (year_before.month + interval 1 year)::date
),

sums as (
    select
        indicator_id,
        method,
        month,
        coalesce(unit_id, 'city') as scope,
        sum(numerator::decimal(38, 9)) filter (
            where method <> 'growth' or denominator is not null
        )::double as numerator,
        sum(denominator::decimal(38, 9)) filter (
            where method <> 'growth' or numerator is not null
        )::double as denominator,
        count(distinct unit_id) filter (
            where numerator is not null and (method = 'total' or denominator is not null)
        )::bigint as units_reported
    from based
    group by
        grouping sets (
            (indicator_id, method, month, unit_id), (indicator_id, method, month)
        )
),

computed as (
    select
        sums.indicator_id,
        sums.month,
        sums.scope,
        case sums.method
            when 'total' then sums.numerator
            when 'ratio' then sums.numerator / nullif(sums.denominator, 0)
            when 'growth'
                then case
                    when sums.denominator > 0 then sums.numerator / sums.denominator - 1
                end
        end as value,
        sums.units_reported
    from sums
    union all by name
    select * from indicator_coverage
),

scopes as (
    select
        'city' as scope,
        count(*)::bigint as units_due
    from units
    union all
    select
        unit_id as scope,
        1 as units_due
    from units
),

-- Which indicators can be computed at all, and whether only once a quarter.
computable as (
    select
        indicators.indicator_id,
        indicators.source = 'enterprise_quarterly' as quarterly
    from indicators
    where indicators.source <> 'indicator_values'
),

spine as (
    select
        computable.indicator_id,
        scopes.scope,
        months.month
    from computable
    cross join scopes
    cross join months
    where not computable.quarterly or month(months.month) % 3 = 0
),

first_known as (
    select
        indicator_id,
        min(month) as month
    from computed
    where value is not null
    group by indicator_id
),

every as (
    select
        spine.indicator_id,
        spine.scope,
        spine.month
    from spine
    left join first_known on spine.indicator_id = first_known.indicator_id
    where spine.month >= coalesce(first_known.month, spine.month)
    union
    select
        indicator_id,
        scope,
        month
    from indicator_values
)

select
    every.indicator_id,
    every.scope,
    every.month,
    coalesce(computed.value, sent.value)::double as value,
    case
        when computed.value is not null and months.provisional then 'P'
        when computed.value is not null then 'A'
        else coalesce(sent.status, 'M')
    end as status,
    case
        when computed.value is not null or sent.value is null
            then coalesce(computed.units_reported, 0)
    end::bigint as units_reported,
    case
        when computed.value is not null or sent.value is null
            then scopes.units_due
    end::bigint as units_due
from every
left join computed
    on
        every.indicator_id = computed.indicator_id
        and every.scope = computed.scope
        and every.month = computed.month
left join indicator_values as sent
    on
        every.indicator_id = sent.indicator_id
        and every.scope = sent.scope
        and every.month = sent.month
left join months on every.month = months.month
left join scopes on every.scope = scopes.scope
order by every.indicator_id, every.scope, every.month
