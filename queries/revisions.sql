-- One row per month, unit, return kind and measure whose published figure was revised.
-- $from_month, $to_month: first and last month (a quarterly figure stands in the last month of
-- its quarter); $unit_id: unit; $kind: return kind; $measure: column of the return.
-- first_print: the figure as first published; now: as it stands; versions: how often it was
-- published with another value; nature: corrected (rows were replaced) or completed (rows were
-- only added); reason: of the returns that changed it, oldest first, joined by |.
with chosen as (
    select *
    from revisions
    where
        ($from_month::date is null or month >= $from_month::date)
        and ($to_month::date is null or month <= $to_month::date)
        and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
        and ($kind::varchar is null or kind = $kind::varchar)
        and ($measure::varchar is null or measure = $measure::varchar)
)

select
    month,
    unit_id,
    kind,
    measure,
    arg_min_null(before, snapshot) as first_print,
    arg_max_null(after, snapshot) as now,
    arg_max_null(after, snapshot) - arg_min_null(before, snapshot) as difference,
    (arg_max_null(after, snapshot) - arg_min_null(before, snapshot))
    / nullif(abs(arg_min_null(before, snapshot)), 0) as difference_share,
    case when bool_or(corrected) then 'corrected' else 'completed' end as nature,
    string_agg(reason, ' | ' order by snapshot) as reason,
    max(received_on) as revised_on,
    count(*)::bigint + 1 as versions,
    max(snapshot)::bigint as snapshot
from chosen
group by month, unit_id, kind, measure
order by month, unit_id, kind, measure
