-- One row per unit, kind and period with findings that no later return has mended: how many.
select
    unit_id,
    kind,
    period,
    count(*)::bigint as findings
from findings
where outstanding
group by unit_id, kind, period
order by unit_id nulls first, kind, period nulls first
