-- One row per quarter and enterprise whose amounts are in question: a zero that nobody has
-- confirmed, or a measure at least doubled or halved against the enterprise's last return.
with measured as (
    select
        quarters.month,
        quarters.enterprise_id,
        part.measure,
        part.amount,
        lag(part.amount) over (
            partition by quarters.enterprise_id, part.measure
            order by quarters.month
        ) as before
    from enterprise_quarterly as quarters
    cross join (
        values
        ('revenue', quarters.revenue_10k_cny::double),
        ('labeling_revenue', quarters.labeling_revenue_10k_cny::double),
        ('employees', quarters.employees::double)
    ) as part (measure, amount)
    where part.amount is not null
)

select distinct
    month,
    enterprise_id as contributor
from measured
where
    (amount = 0 and measure <> 'labeling_revenue')
    or (before > 0 and amount > 0 and (amount >= 2 * before or before >= 2 * amount))
    or (before > 0 and amount = 0)
order by month, contributor
