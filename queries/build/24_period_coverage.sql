-- One row per month, unit and return kind with a due day: days covered of days due.
-- Days due are working days. Of labeling_daily a working day is covered when it has rows, or when
-- the stretch without rows around it is short within its month: no more than three working days,
-- or twice what the unit usually leaves out between two days with rows (the 90th percentile; a
-- unit that dates a month's work on one day has a long one). After its newest row a unit is given
-- no more than it usually leaves out, and no day after the snapshot's counts. Other kinds are
-- whole once they have come. whole: every day due is covered. status: missing (nothing came),
-- running (the newest month, which no unit has whole), partial, whole.
with sent as (
    select distinct
        unit_id,
        date,
        date_trunc('month', date)::date as month
    from output_daily
    where date is not null
),

month_days as (
    select
        spans.month,
        spans.date,
        coalesce(days.works, isodow(spans.date) <= 5)::integer as works,
        sum(coalesce(days.works, isodow(spans.date) <= 5)::integer) over (
            order by spans.date
        ) as worked
    from (
        select
            month,
            unnest(generate_series(month, last_day(month), interval 1 day))::date as date
        from months
    ) as spans
    left join days on spans.date = days.date
),

month_ends as (
    select
        month,
        min(worked - works) as worked_before,
        max(worked) as worked_after,
        sum(works) as days_due
    from month_days
    group by month
),

newest as (
    select
        unit_id,
        max(date) as date
    from sent
    group by unit_id
),

-- Stretches without rows, as counts of working days: before each day with rows, after the last.
stretches as (
    select
        sent.unit_id,
        sent.month,
        sent.date,
        month_days.works,
        month_days.worked,
        lag(month_days.worked) over earlier as worked_earlier,
        lag(sent.month) over earlier as month_earlier,
        lead(sent.month) over earlier as month_later
    from sent
    inner join month_days on sent.date = month_days.date
    window earlier as (partition by sent.unit_id order by sent.date)
),

habits as (
    select
        unit_id,
        quantile_disc(worked - works - worked_earlier, 0.9) as usual
    from stretches
    where worked_earlier is not null
    group by unit_id
),

silences as (
    select
        stretches.unit_id,
        stretches.month,
        stretches.worked - stretches.works - case
            when stretches.month = stretches.month_earlier then stretches.worked_earlier
            else month_ends.worked_before
        end as silent,
        case when habits.usual is not null then greatest(3, 2 * habits.usual) end as allowed
    from stretches
    inner join month_ends on stretches.month = month_ends.month
    left join habits on stretches.unit_id = habits.unit_id
    union all
    select
        stretches.unit_id,
        stretches.month,
        month_ends.worked_after - stretches.worked as silent,
        case
            when stretches.date = newest.date then habits.usual
            when habits.usual is not null then greatest(3, 2 * habits.usual)
        end as allowed
    from stretches
    inner join month_ends on stretches.month = month_ends.month
    inner join newest on stretches.unit_id = newest.unit_id
    left join habits on stretches.unit_id = habits.unit_id
    where stretches.month_later is null or stretches.month_later > stretches.month
),

-- A unit with one day of rows in all has no habit that one could hold against it.
gaps as (
    select
        unit_id,
        month,
        sum(silent) filter (where silent > allowed) as days
    from silences
    group by unit_id, month
),

-- Days that had not come when the snapshot was made.
ahead as (
    select
        month_days.month,
        sum(month_days.works) as days
    from month_days
    cross join snapshot_info
    where month_days.date > snapshot_info.today
    group by month_days.month
),

sent_months as (
    select
        unit_id,
        month,
        min(date) as first_day,
        max(date) as last_day
    from sent
    group by unit_id, month
),

labeling as (
    select
        months.month,
        units.unit_id,
        'labeling_daily' as kind,
        month_ends.days_due,
        case
            when sent_months.unit_id is null then 0
            else
                month_ends.days_due
                - greatest(coalesce(gaps.days, 0), coalesce(ahead.days, 0))
        end as days_covered,
        sent_months.first_day,
        sent_months.last_day
    from months
    cross join units
    inner join month_ends on months.month = month_ends.month
    left join sent_months
        on months.month = sent_months.month and units.unit_id = sent_months.unit_id
    left join gaps on months.month = gaps.month and units.unit_id = gaps.unit_id
    left join ahead on months.month = ahead.month
    where months.in_output
),

others as (
    select distinct
        month,
        unit_id,
        'workforce_monthly' as kind
    from workforce_monthly
    union all
    select distinct
        month,
        unit_id,
        'enterprise_quarterly' as kind
    from enterprise_quarterly
),

once as (
    select
        months.month,
        units.unit_id,
        plan_calendar.kind,
        month_ends.days_due,
        case when others.unit_id is null then 0 else month_ends.days_due end as days_covered,
        case
            when others.unit_id is null then null
            when plan_calendar.frequency = 'quarterly' then date_trunc('quarter', months.month)
            else months.month
        end::date as first_day,
        case when others.unit_id is not null then last_day(months.month) end as last_day
    from months
    cross join units
    cross join plan_calendar
    inner join lateral (
        select sum(spans.working_days) as days_due
        from working_days as spans
        where
            spans.month between case
                when plan_calendar.frequency = 'quarterly' then date_trunc('quarter', months.month)
                else months.month
            end::date and months.month
    ) as month_ends on true
    left join others
        on
            months.month = others.month
            and units.unit_id = others.unit_id
            and plan_calendar.kind = others.kind
    where
        plan_calendar.kind in ('workforce_monthly', 'enterprise_quarterly')
        and (plan_calendar.frequency <> 'quarterly' or month(months.month) % 3 = 0)
),

together as (
    select *
    from labeling
    union all by name
    select *
    from once
)

select
    month,
    unit_id,
    kind,
    days_due::bigint as days_due,
    days_covered::bigint as days_covered,
    first_day,
    last_day,
    first_day is not null and days_covered = days_due as whole,
    case
        when first_day is null then 'missing'
        when days_covered = days_due then 'whole'
        when
            month = max(month) filter (where first_day is not null) over (partition by kind)
            and max(days_covered) over (partition by kind, month) < days_due
            then 'running'
        else 'partial'
    end as status
from together
order by month, unit_id, kind
