-- One row per indicator: its newest city value up to a month, and that compared like with like.
-- $to_month: as at this month (the opening month without it); $indicator_id: only that one.
-- before_period, before_year: the value of the period before and of the same month a year
-- before over the units that have both whole (period_units, year_units of them); now_period
-- and now_year: today's value over the same units. NULL where no unit reported both, and for
-- what is not a sum or a ratio of unit returns. period_suppressed, year_suppressed: NULL because
-- the reader may not see what it is compared with. missing_units: ids of those not in the value,
-- joined by |.
with as_at as (
    select coalesce($to_month::date, month) as month
    from opening_month
),

series as (
    select
        indicator_monthly.indicator_id,
        indicator_monthly.month,
        indicator_monthly.value,
        indicator_monthly.status,
        indicator_monthly.units_reported,
        indicator_monthly.units_due,
        lag(indicator_monthly.month) over (
            partition by indicator_monthly.indicator_id
            order by indicator_monthly.month
        ) as previous_month
    from indicator_monthly
    cross join as_at
    where
        indicator_monthly.scope = 'city'
        and indicator_monthly.month <= as_at.month
),

newest as (
    select *
    from series
    qualify row_number() over (partition by indicator_id order by month desc) = 1
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

missing as (
    select
        newest.indicator_id,
        string_agg(units.unit_id, '|' order by units.unit_id) as missing_units
    from newest
    cross join units
    left join parts as known
        on
            newest.indicator_id = known.indicator_id
            and newest.month = known.month
            and units.unit_id = known.unit_id
    where
        known.unit_id is null
        and newest.units_reported < newest.units_due
        and exists (select 1 from parts where parts.indicator_id = newest.indicator_id)
    group by newest.indicator_id
),

bases as (
    select
        indicator_id,
        month,
        'period' as against,
        previous_month as base_month
    from newest
    union all
    select
        indicator_id,
        month,
        'year' as against,
        (month - interval 1 year)::date as base_month
    from newest
),

sums as (
    select
        bases.indicator_id,
        bases.against,
        bases.base_month,
        now.method,
        bool_or(now.hidden or before.hidden) as hidden,
        count(*)::bigint as units,
        sum(now.numerator)::double as now_numerator,
        sum(now.denominator)::double as now_denominator,
        sum(before.numerator)::double as before_numerator,
        sum(before.denominator)::double as before_denominator
    from bases
    inner join parts as now
        on bases.indicator_id = now.indicator_id and bases.month = now.month
    inner join parts as before
        on
            bases.indicator_id = before.indicator_id
            and bases.base_month = before.month
            and now.unit_id = before.unit_id
    where now.whole and before.whole
    group by bases.indicator_id, bases.against, bases.base_month, now.method
),

-- Where a unit's part is withheld, the city's values speak if they are over the same units.
compared as (
    select
        sums.indicator_id,
        sums.against,
        sums.units,
        sums.hidden and not (
            sums.units = newest.units_reported
            and sums.units = base.units_reported
            and newest.value is not null
            and base.value is not null
        ) as suppressed,
        case
            when
                sums.hidden
                and sums.units = newest.units_reported
                and sums.units = base.units_reported
                then newest.value
            when sums.hidden then null
            when sums.method = 'total' then sums.now_numerator
            else sums.now_numerator / nullif(sums.now_denominator, 0)
        end as now_value,
        case
            when
                sums.hidden
                and sums.units = newest.units_reported
                and sums.units = base.units_reported
                then base.value
            when sums.hidden then null
            when sums.method = 'total' then sums.before_numerator
            else sums.before_numerator / nullif(sums.before_denominator, 0)
        end as before_value
    from sums
    inner join newest on sums.indicator_id = newest.indicator_id
    left join series as base
        on sums.indicator_id = base.indicator_id and sums.base_month = base.month
)

select
    indicators.indicator_id,
    indicators.name_zh,
    indicators.name_en,
    indicators.unit_zh,
    indicators.unit_en,
    indicators.kind,
    indicators.better,
    indicators.definition_zh,
    indicators.definition_en,
    newest.month,
    newest.value,
    newest.status,
    newest.units_reported,
    newest.units_due,
    missing.missing_units,
    period.now_value::double as now_period,
    period.before_value::double as before_period,
    period.units as period_units,
    coalesce(period.suppressed, false) as period_suppressed,
    year.now_value::double as now_year,
    year.before_value::double as before_year,
    year.units as year_units,
    coalesce(year.suppressed, false) as year_suppressed
from indicators
left join newest on indicators.indicator_id = newest.indicator_id
left join missing on indicators.indicator_id = missing.indicator_id
left join compared as period
    on indicators.indicator_id = period.indicator_id and period.against = 'period'
left join compared as year
    on indicators.indicator_id = year.indicator_id and year.against = 'year'
where
    $indicator_id::varchar is null
    or indicators.indicator_id = $indicator_id::varchar
order by indicators.sort, indicators.indicator_id
