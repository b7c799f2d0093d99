-- One row per target: what its forecast has to know besides the history.
-- as_at: the newest complete month of the data. value, state: as judged then. reached_in: since
-- when the target has been met without a break, NULL where it is not met then.
with newest as (
    select
        coalesce(
            max(progress.as_at) filter (where not coalesce(months.running, false)),
            max(progress.as_at)
        ) as as_at
    from target_progress as progress
    left join months on progress.as_at = months.month
),

reached as (
    select
        progress.target_id,
        min(progress.value_month) filter (where progress.state = 'achieved') as reached_in
    from target_progress as progress
    cross join newest
    where
        progress.as_at <= newest.as_at
        and progress.as_at > (
            select coalesce(max(earlier.as_at), '0001-01-01'::date)
            from target_progress as earlier
            where
                earlier.target_id = progress.target_id
                and earlier.as_at <= newest.as_at
                and earlier.state <> 'achieved'
        )
    group by progress.target_id
)

select
    targets.target_id,
    indicators.kind,
    case when indicators.source = 'enterprise_quarterly' then 4 else 12 end::bigint
        as periods_in_year,
    targets.operator,
    targets.value::double as target,
    targets.due,
    newest.as_at,
    progress.state,
    reached.reached_in
from targets
inner join indicators on targets.indicator_id = indicators.indicator_id
cross join newest
inner join target_progress as progress
    on targets.target_id = progress.target_id and newest.as_at = progress.as_at
left join reached on targets.target_id = reached.target_id
order by targets.sort, targets.target_id
