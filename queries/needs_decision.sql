-- One row per matter that needs a decision.
-- $to_month: as at this month (the newest without it); $unit_id: only matters of a unit.
-- kind: target (progress or outlook yellow or red), missing_return (due, neither received nor
-- awaiting review),
-- outstanding_findings (rows refused, nothing accepted since). severity: 1 most urgent to 3.
-- target_id, unit_id, return_kind, month say which; amount: gap_pp, days late or number of
-- findings; probability: that a target is met when it is due, NULL where that cannot be said.
with as_at as (
    select max(as_at) as month
    from target_progress
    where $to_month::date is null or as_at <= $to_month::date
),

matters as (
    select
        'target' as kind,
        case
            when progress.light = 'red' or outlook.outlook = 'unlikely' then 1
            else 2
        end as severity,
        targets.target_id,
        targets.indicator_id,
        case when targets.scope <> 'city' then targets.scope end as unit_id,
        null::varchar as return_kind,
        progress.value_month as month,
        progress.gap_pp as amount,
        outlook.probability
    from target_progress as progress
    inner join as_at on progress.as_at = as_at.month
    inner join targets on progress.target_id = targets.target_id
    left join arrivals as outlook
        on
            progress.target_id = outlook.target_id
            and progress.as_at >= outlook.as_at
            and progress.state <> 'incomplete'
    where
        progress.light in ('yellow', 'red')
        or (
            progress.light = 'green'
            and outlook.outlook in ('unlikely', 'uncertain')
        )
    union all
    select
        'missing_return' as kind,
        case when days_late > 30 then 1 else 2 end as severity,
        null as target_id,
        null as indicator_id,
        unit_id,
        kind as return_kind,
        month,
        days_late::double as amount,
        null as probability
    from return_ledger as ledger
    where
        status = 'missing'
        and ($to_month::date is null or month <= $to_month::date)
        and not exists (
            select 1
            from case_awaiting as waiting
            where
                waiting.kind = ledger.kind
                and waiting.unit_id = ledger.unit_id
                and waiting.month = ledger.month
        )
    union all
    select
        'outstanding_findings' as kind,
        3 as severity,
        null as target_id,
        null as indicator_id,
        unit_id,
        kind as return_kind,
        period as month,
        findings::double as amount,
        null as probability
    from findings_waiting
    where $to_month::date is null or period is null or period <= $to_month::date
)

select
    kind,
    severity::bigint as severity,
    target_id,
    indicator_id,
    unit_id,
    return_kind,
    month,
    amount,
    probability
from matters
where $unit_id::varchar is null or unit_id = $unit_id::varchar
order by
    severity,
    kind,
    target_id nulls last,
    month nulls last,
    unit_id nulls last,
    return_kind nulls last
