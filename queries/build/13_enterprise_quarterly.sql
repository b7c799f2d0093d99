-- One row per quarter and enterprise. month: the last month of the quarter. suppressed: what an
-- audience may not see; the planner sees everything.
select
    quarter,
    make_date(left(quarter, 4)::integer, right(quarter, 1)::integer * 3, 1) as month,
    enterprise_id,
    unit_id,
    revenue_10k_cny,
    labeling_revenue_10k_cny,
    employees,
    annotators,
    certified_annotators,
    rd_expense_10k_cny,
    backlog_10k_cny,
    patents,
    standards,
    false as suppressed,
    upload_id,
    source_row
from fact_enterprise_quarterly
order by quarter, enterprise_id
