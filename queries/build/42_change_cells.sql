-- One row per month, comparison (previous_month, previous_year), measure, unit and modality: how
-- a flow of labeling came from its value before to its value now, in whole items.
-- value = value_before + missing + calendar + entries + rest. missing: what a unit did not send
-- (the whole month, or its days not covered at the pace of the month before); calendar: more or
-- fewer working days at that pace; entries: enterprises, or units, that began or stopped between
-- the two; rest: all else. *_now, *_before: of enterprises in both months, numerator and
-- denominator (reviewed work) with the days of the month before brought to those of this one.
-- comparable: the unit has both months whole; event: something of the plan's list (not a
-- holiday) fell into the month.
with pairs as (
    select
        now.month,
        now.unit_id,
        sides.comparison,
        now.reported,
        before.reported as reported_before,
        now.whole and before.whole as comparable,
        now.days_due,
        now.days_covered,
        before.days_due as due_before,
        before.days_covered as covered_before,
        before.month as base_month
    from unit_months as now
    cross join (values ('previous_month'), ('previous_year')) as sides (comparison)
    inner join unit_months as before
        on
            now.unit_id = before.unit_id
            and before.month = (
                now.month
                - case sides.comparison
                    when 'previous_month' then interval 1 month
                    else interval 1 year
                end
            )::date
),

unit_first as (
    select
        unit_id,
        min(month) as month
    from unit_months
    where reported
    group by unit_id
),

enterprise_spans as (
    select
        unit_id,
        enterprise_id,
        min(month) as first_month,
        max(month) as last_month
    from output_monthly
    group by unit_id, enterprise_id
),

output as (
    select
        month,
        unit_id,
        enterprise_id,
        modality,
        measures.measure,
        sum(measures.numerator) as numerator,
        sum(measures.denominator) as denominator
    from output_monthly
    cross join
        lateral (
            values
            ('items_annotated', output_monthly.items, output_monthly.items),
            ('items_accepted', output_monthly.accepted, output_monthly.reviewed_with_accepted),
            (
                'first_pass_rate',
                output_monthly.accepted_first_pass,
                output_monthly.reviewed_with_first_pass
            )
        ) as measures (measure, numerator, denominator)
    group by month, unit_id, enterprise_id, modality, measures.measure
),

both_sides as (
    select
        pairs.month,
        pairs.comparison,
        pairs.unit_id,
        output.enterprise_id,
        output.modality,
        output.measure,
        coalesce(output.numerator, 0) as now,
        coalesce(output.denominator, 0) as now_of,
        0 as before,
        0 as before_of
    from pairs
    inner join output on pairs.month = output.month and pairs.unit_id = output.unit_id
    union all
    select
        pairs.month,
        pairs.comparison,
        pairs.unit_id,
        output.enterprise_id,
        output.modality,
        output.measure,
        0 as now,
        0 as now_of,
        coalesce(output.numerator, 0) as before,
        coalesce(output.denominator, 0) as before_of
    from pairs
    inner join output on pairs.base_month = output.month and pairs.unit_id = output.unit_id
),

-- An enterprise enters with its first month of output in the unit and leaves after its last.
marked as (
    select
        both_sides.*,
        enterprise_spans.first_month > pairs.base_month
        or enterprise_spans.last_month < pairs.month as moved,
        pairs.reported and pairs.reported_before as in_both,
        pairs.reported and not pairs.reported_before and unit_first.month > pairs.base_month
            as begins,
        coalesce(pairs.days_covered / nullif(pairs.covered_before, 0), 1) as pace,
        coalesce((pairs.days_due - pairs.due_before) / nullif(pairs.covered_before, 0), 0)
            as calendar,
        coalesce(
            (pairs.due_before - pairs.covered_before + pairs.days_covered - pairs.days_due)
            / nullif(pairs.covered_before, 0), 0
        ) as silent,
        pairs.comparable
    from both_sides
    inner join pairs
        on
            both_sides.month = pairs.month
            and both_sides.comparison = pairs.comparison
            and both_sides.unit_id = pairs.unit_id
    inner join unit_first on both_sides.unit_id = unit_first.unit_id
    left join enterprise_spans
        on
            both_sides.unit_id = enterprise_spans.unit_id
            and both_sides.enterprise_id = enterprise_spans.enterprise_id
),

cells as (
    select
        month,
        comparison,
        measure,
        unit_id,
        modality,
        any_value(comparable) as comparable,
        any_value(in_both) as in_both,
        any_value(begins) as begins,
        any_value(pace) as pace,
        sum(now) as value,
        sum(before) as value_before,
        sum(now_of) as value_of,
        sum(before_of) as value_before_of,
        round(sum(before) * any_value(silent)) as missing,
        round(sum(before) * any_value(calendar)) as calendar,
        round(
            coalesce(sum(now) filter (where moved), 0)
            - coalesce(sum(before) filter (where moved), 0) * any_value(pace)
        ) as entries,
        coalesce(sum(now) filter (where not moved), 0) as now,
        coalesce(sum(now_of) filter (where not moved), 0) as now_of,
        coalesce(sum(before) filter (where not moved), 0) * any_value(pace) as before,
        coalesce(sum(before_of) filter (where not moved), 0) * any_value(pace) as before_of
    from marked
    group by month, comparison, measure, unit_id, modality
),

split as (
    select
        *,
        case when in_both then missing when begins then 0 else value - value_before end
            as part_missing,
        case when in_both then calendar else 0 end as part_calendar,
        case when in_both then entries when begins then value else 0 end as part_entries
    from cells
),

named as (
    select
        month,
        array_agg(coalesce(unit_id, '') order by unit_id) as units
    from events
    where kind <> 'holiday'
    group by month
)

select
    split.month,
    split.comparison,
    split.measure,
    split.unit_id,
    split.modality,
    split.value::bigint as value,
    split.value_before::bigint as value_before,
    split.value_of::bigint as value_of,
    split.value_before_of::bigint as value_before_of,
    split.part_missing::bigint as missing,
    split.part_calendar::bigint as calendar,
    split.part_entries::bigint as entries,
    (
        split.value - split.value_before - split.part_missing - split.part_calendar
        - split.part_entries
    )::bigint as rest,
    case when split.in_both then split.now else 0 end::double as now,
    case when split.in_both then split.now_of else 0 end::double as now_of,
    case when split.in_both then split.before else 0 end::double as before,
    case when split.in_both then split.before_of else 0 end::double as before_of,
    split.comparable,
    coalesce(
        list_contains(named.units, split.unit_id) or list_contains(named.units, ''), false
    ) as event
from split
left join named on split.month = named.month
order by split.month, split.comparison, split.measure, split.unit_id, split.modality
