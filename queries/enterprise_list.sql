-- One row per enterprise, registered or seen in returns only (registered = false, no name).
-- $to_month: as at the end of this month (the opening month without it); $unit_id: unit;
-- $origin: attracted or grown.
-- active: on the registry then. first_output, last_output: months with labeling;
-- items: of the month; revenue and employees: of the newest quarter up to then.
-- suppressed: the reader may not see this enterprise's figures.
with as_at as (
    select coalesce(date_trunc('month', $to_month::date)::date, month) as month
    from opening_month
),

output as (
    select
        output_monthly.enterprise_id,
        min(output_monthly.month) as first_output,
        max(output_monthly.month) as last_output,
        sum(output_monthly.items) filter (where output_monthly.month = as_at.month)::bigint
            as items,
        sum(output_monthly.accepted) filter (
            where output_monthly.month = as_at.month
        )::bigint as accepted
    from output_monthly
    cross join as_at
    where output_monthly.month <= as_at.month
    group by output_monthly.enterprise_id
),

newest_quarter as (
    select enterprise_quarterly.*
    from enterprise_quarterly
    cross join as_at
    where enterprise_quarterly.month <= as_at.month
    qualify row_number() over (
        partition by enterprise_quarterly.enterprise_id
        order by enterprise_quarterly.month desc
    ) = 1
)

select
    enterprises.enterprise_id,
    enterprises.name_zh,
    enterprises.name_en,
    enterprises.unit_id,
    enterprises.origin,
    enterprises.links,
    enterprises.founded_on,
    enterprises.joined_on,
    enterprises.left_on,
    enterprises.recognition,
    enterprises.registered,
    enterprises.registered
    and coalesce(enterprises.joined_on <= last_day(as_at.month), false)
    and coalesce(enterprises.left_on > last_day(as_at.month), true) as active,
    output.first_output,
    output.last_output,
    output.items,
    output.accepted,
    newest_quarter.quarter,
    newest_quarter.revenue_10k_cny::double as revenue_10k_cny,
    newest_quarter.labeling_revenue_10k_cny::double as labeling_revenue_10k_cny,
    newest_quarter.employees::bigint as employees,
    newest_quarter.annotators::bigint as annotators,
    enterprises.suppressed or coalesce(newest_quarter.suppressed, false) as suppressed
from enterprises
cross join as_at
left join output on enterprises.enterprise_id = output.enterprise_id
left join newest_quarter on enterprises.enterprise_id = newest_quarter.enterprise_id
where
    ($unit_id::varchar is null or enterprises.unit_id = $unit_id::varchar)
    and ($origin::varchar is null or enterprises.origin = $origin::varchar)
order by enterprises.unit_id, enterprises.enterprise_id
