-- One row per date with any labeling.
-- $from_month, $to_month: first and last month; $unit_id: unit; $modality: modality.
-- units_reported: units with labeling on that date. hours_basis: mixed when hours that were
-- measured differently are added.
select
    date,
    sum(items)::bigint as items,
    sum(objects)::bigint as objects,
    sum(hours::decimal(38, 9))::double as hours,
    case
        when count(distinct hours_basis) > 1 then 'mixed'
        else min(hours_basis)
    end as hours_basis,
    sum(reviewed)::bigint as reviewed,
    sum(accepted)::bigint as accepted,
    sum(accepted_first_pass)::bigint as accepted_first_pass,
    sum(rejected)::bigint as rejected,
    sum(volume_gb::decimal(38, 9))::double as volume_gb,
    (sum(accepted) / nullif(sum(reviewed_with_accepted), 0)::double)::double
        as acceptance_rate,
    (sum(accepted_first_pass) / nullif(sum(reviewed_with_first_pass), 0)::double)::double
        as first_pass_rate,
    count(distinct unit_id)::bigint as units_reported
from output_daily
where
    ($from_month::date is null or date >= date_trunc('month', $from_month::date))
    and ($to_month::date is null or date <= last_day($to_month::date))
    and ($unit_id::varchar is null or unit_id = $unit_id::varchar)
    and ($modality::varchar is null or modality = $modality::varchar)
group by date
order by date
