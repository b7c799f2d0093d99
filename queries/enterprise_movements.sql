-- One row per month and origin (attracted, grown): registered enterprises that came and went.
-- $from_month, $to_month: first and last month; $unit_id: unit.
-- active: at the end of the month. NULL where no registry was sent.
with registered as (
    select
        origin,
        joined_on,
        left_on
    from enterprises
    where registered and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
),

sent as (
    select count(*) > 0 as any_registry
    from registered
),

spine as (
    select
        months.month,
        origin.origin
    from months
    cross join (values ('attracted'), ('grown')) as origin (origin)
    where
        ($from_month::date is null or months.month >= $from_month::date)
        and ($to_month::date is null or months.month <= $to_month::date)
)

select
    spine.month,
    spine.origin,
    case
        when any_value(sent.any_registry)
            then count(*) filter (
                where date_trunc('month', registered.joined_on) = spine.month
            )
    end::bigint as entries,
    case
        when any_value(sent.any_registry)
            then count(*) filter (
                where date_trunc('month', registered.left_on) = spine.month
            )
    end::bigint as exits,
    case
        when any_value(sent.any_registry)
            then count(*) filter (
                where
                registered.joined_on <= last_day(spine.month)
                and coalesce(registered.left_on > last_day(spine.month), true)
            )
    end::bigint as active
from spine
cross join sent
left join registered on spine.origin = registered.origin
group by spine.month, spine.origin
order by spine.month, spine.origin
