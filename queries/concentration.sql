-- One row per quarter and measure (labeling_revenue, employees over enterprises; items over
-- units), where anything was reported.
-- $quarter: quarter; $measure: measure.
-- hhi: sum of squared shares (0 to 1); equivalent_number: 1 / hhi; top5_share: share of the
-- five largest; theil_t, theil_l: Theil's T (mean of x/mean × ln x/mean) and L (mean of
-- ln mean/x), 0 where all are alike; contributors: enterprises or units with an amount above 0.
-- suppressed: not every amount may be seen by the reader, so that nothing is said of their shares.
with amounts as (
    select
        quarter,
        'labeling_revenue' as measure,
        enterprise_id as contributor,
        labeling_revenue_10k_cny::decimal(38, 9) as amount,
        suppressed
    from enterprise_quarterly
    union all
    select
        quarter,
        'employees' as measure,
        enterprise_id as contributor,
        employees::decimal(38, 9) as amount,
        suppressed
    from enterprise_quarterly
    union all
    select
        year(month)::varchar || 'Q' || quarter(month)::varchar as quarter,
        'items' as measure,
        unit_id as contributor,
        sum(items)::decimal(38, 9) as amount,
        false as suppressed
    from output_monthly
    group by year(month), quarter(month), unit_id
),

shares as (
    select
        quarter,
        measure,
        suppressed,
        amount::double
        / sum(amount) over (partition by quarter, measure)::double as share,
        row_number() over (
            partition by quarter, measure order by amount desc, contributor asc
        ) as place,
        count(*) over (partition by quarter, measure) as contributors
    from amounts
    where
        (amount > 0 or suppressed)
        and ($quarter::varchar is null or quarter = $quarter::varchar)
        and ($measure::varchar is null or measure = $measure::varchar)
),

summed as (
    select
        quarter,
        measure,
        bool_or(suppressed) as suppressed,
        sum((share * share)::decimal(38, 18))::double as hhi,
        least(sum(share::decimal(38, 18)) filter (where place <= 5), 1)::double
            as top5_share,
        avg((share * contributors * ln(share * contributors))::decimal(38, 18))::double
            as theil_t,
        avg((-ln(share * contributors))::decimal(38, 18))::double as theil_l,
        count(*)::bigint as contributors
    from shares
    group by quarter, measure
)

select
    quarter,
    measure,
    case when not suppressed then hhi end as hhi,
    case when not suppressed then 1 / hhi end as equivalent_number,
    case when not suppressed then top5_share end as top5_share,
    case when not suppressed then greatest(theil_t, 0) end as theil_t,
    case when not suppressed then greatest(theil_l, 0) end as theil_l,
    case when not suppressed then contributors end as contributors,
    suppressed
from summed
order by quarter, measure
