-- One row per kind of return, month (the last one of a quarter) and unit whose return is missing
-- while others have reported, or covers only part of a month that is over: the unit did report
-- that kind before, or one of its enterprises that reported the quarter before and has not left.
with reported as (
    select
        kind,
        month,
        unit_id
    from period_coverage
    where kind = 'labeling_daily' and status in ('whole', 'running')
    union all
    select distinct
        'workforce_monthly' as kind,
        month,
        unit_id
    from workforce_monthly
    union all
    select distinct
        'enterprise_quarterly' as kind,
        month,
        unit_id
    from enterprise_quarterly
),

spans as (
    select
        kind,
        unnest(
            generate_series(
                min(month),
                max(month),
                case kind
                    when 'enterprise_quarterly' then interval 3 month else interval 1 month
                end
            )
        )::date as month
    from reported
    group by kind
),

first_reports as (
    select
        kind,
        unit_id,
        min(month) as month
    from reported
    group by kind, unit_id
)

select
    spans.kind,
    spans.month,
    first_reports.unit_id
from spans
inner join first_reports
    on spans.kind = first_reports.kind and spans.month > first_reports.month
anti join reported
    on
        spans.kind = reported.kind
        and spans.month = reported.month
        and first_reports.unit_id = reported.unit_id
union
select
    'enterprise_quarterly' as kind,
    spans.month,
    earlier.unit_id
from spans
inner join enterprise_quarterly as earlier
    on spans.month = (earlier.month + interval 3 month)::date
inner join enterprises on earlier.enterprise_id = enterprises.enterprise_id
anti join enterprise_quarterly as now
    on spans.month = now.month and earlier.enterprise_id = now.enterprise_id
where
    spans.kind = 'enterprise_quarterly'
    and coalesce(enterprises.left_on > last_day(spans.month), true)
order by kind, month, unit_id
