-- One row: what the snapshot is, with the plan's name, term and rules.
-- cut_off: newest labeling date; today: the day the snapshot was made; demo: synthetic returns;
-- min_contributors, dominance_*: when money and headcounts are shown; other min_*: what a
-- candidate for the benchmark enterprises has to reach (暂定).
select
    snapshot_info.snapshot,
    snapshot_info.today,
    snapshot_info.reason,
    snapshot_info.cut_off,
    snapshot_info.demo,
    plan.name_zh,
    plan.name_en,
    plan.city_zh,
    plan.city_en,
    plan.plan_start,
    plan.plan_end,
    plan.timezone,
    plan.light_green,
    plan.light_yellow,
    plan.provisional_months,
    plan.min_contributors,
    plan.dominance_contributors,
    plan.dominance_share,
    plan.min_revenue_10k_cny,
    plan.min_growth,
    plan.min_employees,
    plan.min_rd_share,
    plan.min_certified_share
from snapshot_info
cross join plan
order by snapshot_info.snapshot
