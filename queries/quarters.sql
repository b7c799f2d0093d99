-- One row per quarter that enterprises reported, newest first.
-- month: its last month; enterprises, units: how many reported.
select
    quarter,
    month,
    count(distinct enterprise_id)::bigint as enterprises,
    count(distinct unit_id)::bigint as units
from enterprise_quarterly
group by quarter, month
order by quarter desc
