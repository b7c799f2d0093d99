-- One row per month and unit.
select
    month,
    unit_id,
    workstations,
    workstations_used,
    full_time,
    part_time,
    trainees,
    reserve,
    trained,
    certified_1,
    certified_2,
    certified_3,
    certified_4,
    certified_5,
    school_partners,
    upload_id,
    source_row
from fact_workforce_monthly
order by month, unit_id
