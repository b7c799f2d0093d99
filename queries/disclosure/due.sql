-- One row per family, month, unit and contributor whose return is due.
-- Enterprises: those on the register at the end of the quarter in units that send quarterly
-- returns, and those that reported the quarter before and have not left. Months: every unit that
-- has sent a workforce return by then.
with quarters as (
    select distinct month
    from enterprise_quarterly
),

registered as (
    select
        quarters.month,
        enterprises.unit_id,
        enterprises.enterprise_id as contributor
    from quarters
    cross join enterprises
    where
        enterprises.registered
        and enterprises.joined_on <= last_day(quarters.month)
        and coalesce(enterprises.left_on > last_day(quarters.month), true)
        and exists (
            select 1
            from enterprise_quarterly as sent
            where sent.unit_id = enterprises.unit_id and sent.month <= quarters.month
        )
),

reported_before as (
    select
        quarters.month,
        before.unit_id,
        before.enterprise_id as contributor
    from quarters
    inner join enterprise_quarterly as before
        on before.month = (quarters.month - interval 3 month)::date
    left join enterprises on before.enterprise_id = enterprises.enterprise_id
    where
        coalesce(enterprises.left_on > last_day(quarters.month), true)
        and coalesce(enterprises.unit_id = before.unit_id, true)
),

senders as (
    select
        unit_id,
        min(month) as month
    from workforce_monthly
    group by unit_id
),

workforce as (
    select
        months.month,
        senders.unit_id,
        senders.unit_id as contributor
    from (select distinct month from workforce_monthly) as months
    inner join senders on months.month >= senders.month
)

select
    'enterprise_quarterly' as family,
    month,
    unit_id,
    contributor
from (
    select * from registered
    union
    select * from reported_before
) as quarterly
union all
select
    'workforce_monthly' as family,
    month,
    unit_id,
    contributor
from workforce
order by family, month, unit_id, contributor
