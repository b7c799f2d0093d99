-- Output by unit; the enterprise and the project of own output only.
select
    output_monthly.* replace (
        case when unit_id = getvariable('own_unit') then enterprise_id end as enterprise_id,
        case when unit_id = getvariable('own_unit') then project_id end as project_id
    )
from main.output_monthly
