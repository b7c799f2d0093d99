-- One row per enterprise that reported the quarter: how it stands to the criteria for the
-- benchmark enterprises of the plan.
-- $quarter: quarter (the newest without it); $unit_id: unit;
-- $min_revenue: revenue of the quarter in 万元; $min_growth: revenue against the same quarter
-- last year, a fraction; $min_employees: employees; $min_rd_share: R&D ÷ revenue;
-- $min_certified_share: certified ÷ all annotators. One left out is that of plan.toml (暂定).
-- meets_*: reached (the threshold itself is enough), NULL where the return does not tell.
-- standing: candidate (all reached), undecided (none missed, something unknown), no.
-- recognition is the official list with its date, which is another matter. suppressed: the
-- reader may not see what an enterprise reported; standing and criteria_met are NULL then.
with rules as (
    select
        coalesce($min_revenue::double, min_revenue_10k_cny) as min_revenue,
        coalesce($min_growth::double, min_growth) as min_growth,
        coalesce($min_employees::double, min_employees) as min_employees,
        coalesce($min_rd_share::double, min_rd_share) as min_rd_share,
        coalesce($min_certified_share::double, min_certified_share) as min_certified_share
    from plan
),

chosen as (
    select coalesce($quarter::varchar, max(quarter)) as quarter
    from enterprise_quarterly
),

measured as (
    select
        now.quarter,
        now.enterprise_id,
        now.unit_id,
        now.revenue_10k_cny::double as revenue,
        now.employees::bigint as employees,
        now.suppressed or coalesce(before.suppressed, false) as suppressed,
        case
            when before.revenue_10k_cny > 0
                then (now.revenue_10k_cny / before.revenue_10k_cny - 1)::double
        end as yoy,
        case
            when now.revenue_10k_cny > 0
                then (now.rd_expense_10k_cny / now.revenue_10k_cny)::double
        end as rd_share,
        now.certified_annotators / nullif(now.annotators, 0)::double as certified_share
    from enterprise_quarterly as now
    inner join chosen on now.quarter = chosen.quarter
    left join enterprise_quarterly as before
        on
            now.enterprise_id = before.enterprise_id
            and before.month = (now.month - interval 1 year)::date
),

-- A threshold is a number that somebody typed: 0.3 is reached by 3 of 10.
judged as (
    select
        measured.*,
        measured.revenue >= rules.min_revenue as meets_revenue,
        round(measured.yoy, 12) >= rules.min_growth as meets_growth,
        measured.employees >= rules.min_employees as meets_employees,
        round(measured.rd_share, 12) >= rules.min_rd_share as meets_rd,
        round(measured.certified_share, 12) >= rules.min_certified_share as meets_certified
    from measured
    cross join rules
),

counted as (
    select
        *,
        list_sum([
            meets_revenue::integer,
            meets_growth::integer,
            meets_employees::integer,
            meets_rd::integer,
            meets_certified::integer
        ]) as met,
        meets_revenue and meets_growth and meets_employees and meets_rd and meets_certified
            as all_met
    from judged
)

select
    counted.quarter,
    counted.enterprise_id,
    enterprises.name_zh,
    enterprises.name_en,
    counted.unit_id,
    enterprises.origin,
    enterprises.recognition,
    counted.suppressed,
    case
        when counted.suppressed then null
        when counted.all_met then 'candidate'
        when counted.all_met is null then 'undecided'
        else 'no'
    end as standing,
    case when not counted.suppressed then coalesce(counted.met, 0) end::bigint as criteria_met,
    counted.revenue as revenue_10k_cny,
    counted.meets_revenue,
    counted.yoy,
    counted.meets_growth,
    counted.employees,
    counted.meets_employees,
    counted.rd_share,
    counted.meets_rd,
    counted.certified_share,
    counted.meets_certified
from counted
left join enterprises on counted.enterprise_id = enterprises.enterprise_id
where $unit_id::varchar is null or counted.unit_id = $unit_id::varchar
order by
    case
        when counted.suppressed then 4
        when counted.all_met then 1
        when counted.all_met is null then 2
        else 3
    end,
    criteria_met desc nulls last,
    counted.revenue desc nulls last,
    counted.enterprise_id asc
