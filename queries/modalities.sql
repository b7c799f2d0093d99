-- One row per modality that occurs in labeling.
select
    modality,
    min(month) as first_month,
    max(month) as last_month,
    sum(items)::bigint as items
from output_monthly
group by modality
order by modality
