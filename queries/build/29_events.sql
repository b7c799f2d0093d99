-- One row per event of a month: month, kind, unit (NULL: everywhere) and words. Events of the
-- plan's folder, and holidays of a week or more in each month that they touch. Examples (演示) are
-- left out where the returns are no demonstration.
with holidays as (
    select
        unnest(
            generate_series(
                date_trunc('month', first), date_trunc('month', last), interval 1 month
            )
        )::date as month,
        name_zh || '（' || strftime(first, '%-m月%-d')
        || case
            when date_trunc('month', first) = date_trunc('month', last) then ''
            else '日'
        end
        || '—'
        || case
            when date_trunc('month', first) = date_trunc('month', last)
                then strftime(last, '%-d日')
            else strftime(last, '%-m月%-d日')
        end || '）' as text_zh,
        name_en || ' ('
        || case
            when date_trunc('month', first) = date_trunc('month', last)
                then strftime(first, '%-d')
            else strftime(first, '%-d %B')
        end || '–' || strftime(last, '%-d %B') || ')' as text_en,
        source
    from plan_holidays
    where kind = 'off' and last - first >= 6
),

known as (
    select * from plan_events
    union all by name
    select
        *,
        'holiday' as kind
    from holidays
    where month between (select min(month) from months) and (select max(month) from months)
)

select
    known.month::date as month,
    known.kind,
    known.unit_id,
    known.text_zh,
    known.text_en,
    known.source,
    starts_with(known.source, '演示') as demo
from known
cross join snapshot_info
where snapshot_info.demo or not starts_with(known.source, '演示')
order by known.month, known.kind, known.unit_id nulls first, known.text_zh
