-- One row per link of the industry chain.
select
    link,
    name_zh,
    name_en,
    sort::bigint as sort
from plan_links
order by sort, link
