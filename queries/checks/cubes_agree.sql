-- One row per month, unit and modality where the daily and the monthly cube differ.
with daily as (
    select
        date_trunc('month', date)::date as month,
        unit_id,
        modality,
        sum(items) as items,
        sum(reviewed) as reviewed,
        sum(accepted) as accepted,
        sum(accepted_first_pass) as accepted_first_pass,
        round(sum(hours::decimal(38, 9))::double, 6) as hours,
        round(sum(volume_gb::decimal(38, 9))::double, 6) as volume_gb
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
        round(sum(hours::decimal(38, 9))::double, 6) as hours,
        round(sum(volume_gb::decimal(38, 9))::double, 6) as volume_gb
    from output_monthly
    group by month, unit_id, modality
),

daily_only as (
    select * from daily
    except
    select * from monthly
),

monthly_only as (
    select * from monthly
    except
    select * from daily
)

select
    'daily' as cube,
    month,
    unit_id,
    modality
from daily_only
union all
select
    'monthly' as cube,
    month,
    unit_id,
    modality
from monthly_only
order by month, unit_id, modality, cube
