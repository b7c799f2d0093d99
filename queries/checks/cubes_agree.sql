-- One row per month, unit and modality where the daily and the monthly cube differ. Hours and
-- volume are kept as floating numbers in both: sums of many differ in their last digits.
with daily as (
    select
        date_trunc('month', date)::date as month,
        unit_id,
        modality,
        sum(items) as items,
        sum(reviewed) as reviewed,
        sum(accepted) as accepted,
        sum(accepted_first_pass) as accepted_first_pass,
        sum(hours::decimal(38, 9))::double as hours,
        sum(volume_gb::decimal(38, 9))::double as volume_gb
    from output_daily
    group by date_trunc('month', date), unit_id, modality
),

monthly as (
    select
        month,
        unit_id,
        modality,
        sum(items) as items,
        sum(reviewed) as reviewed,
        sum(accepted) as accepted,
        sum(accepted_first_pass) as accepted_first_pass,
        sum(hours::decimal(38, 9))::double as hours,
        sum(volume_gb::decimal(38, 9))::double as volume_gb
    from output_monthly
    group by month, unit_id, modality
)

select
    coalesce(daily.month, monthly.month) as month,
    coalesce(daily.unit_id, monthly.unit_id) as unit_id,
    coalesce(daily.modality, monthly.modality) as modality
from daily
full outer join monthly
    on
        daily.month = monthly.month
        and daily.unit_id = monthly.unit_id
        and daily.modality = monthly.modality
where
    daily.month is null
    or monthly.month is null
    or daily.items is distinct from monthly.items
    or daily.reviewed is distinct from monthly.reviewed
    or daily.accepted is distinct from monthly.accepted
    or daily.accepted_first_pass is distinct from monthly.accepted_first_pass
    or (daily.hours is null) <> (monthly.hours is null)
    or abs(daily.hours - monthly.hours) > 1e-6 + 1e-12 * abs(daily.hours)
    or (daily.volume_gb is null) <> (monthly.volume_gb is null)
    or abs(daily.volume_gb - monthly.volume_gb) > 1e-6 + 1e-12 * abs(daily.volume_gb)
order by month, unit_id, modality
