-- One row per family, month, measure, unit and contributor: what a figure is made of.
-- Enterprises in quarterly returns; in monthly ones the unit as a whole, with as many inside as
-- the fewest enterprises with employees that it ever had in a quarter (0 where nobody knows).
with quarterly as (
    select
        'enterprise_quarterly' as family,
        quarters.month,
        part.measure,
        quarters.unit_id,
        quarters.enterprise_id as contributor,
        part.amount,
        1 as inside
    from enterprise_quarterly as quarters
    cross join (
        values
        ('revenue', revenue_10k_cny::decimal(38, 9)::double),
        ('labeling_revenue', labeling_revenue_10k_cny::decimal(38, 9)::double),
        ('employees', employees::double)
    ) as part (measure, amount)
),

enterprises_inside as (
    select
        unit_id,
        min(enterprises) as enterprises
    from (
        select
            unit_id,
            month,
            count(*) filter (where employees > 0) as enterprises
        from enterprise_quarterly
        group by unit_id, month
    ) as by_quarter
    group by unit_id
),

monthly as (
    select
        'workforce_monthly' as family,
        parts.month,
        parts.indicator_id as measure,
        parts.unit_id,
        parts.unit_id as contributor,
        parts.numerator as amount,
        coalesce(enterprises_inside.enterprises, 0) as inside
    from parts_workforce as parts
    inner join protected_indicators as protected on parts.indicator_id = protected.indicator_id
    left join enterprises_inside on parts.unit_id = enterprises_inside.unit_id
)

select
    family,
    month,
    measure,
    unit_id,
    contributor,
    amount::double as amount,
    inside::bigint as inside
from (
    select * from quarterly
    union all
    select * from monthly
) as parts
where amount is not null
order by family, month, measure, unit_id, contributor
