-- One row: the month that pages, documents and commands open with. The newest that is whole for
-- at least half as many units as the month that most units have whole; without any, the newest.
with counted as (
    select
        month,
        count(*) filter (where whole) as units
    from period_coverage
    where kind = 'labeling_daily'
    group by month
),

ranked as (
    select
        month,
        units > 0 and 2 * units >= max(units) over () as enough
    from counted
)

select
    coalesce(
        max(month) filter (where enough),
        (select max(month) from unit_months),
        (select max(month) from months)
    ) as month
from ranked
