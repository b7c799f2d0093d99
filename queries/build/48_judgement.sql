-- One row per operator, kind and side of the baseline: how a target is judged, before and from
-- its due month on. The one definition of it: targets are judged by this table, tests read it.
-- side: there (the baseline meets the target; without a baseline, an upper limit counts as met),
-- short (it does not).
-- Methods: schedule (share done against share of time), final (the same, all time being over),
-- level (a rate against its target, in percentage points), limit (a stock against its limit),
-- heading (a sum at its pace so far, carried on to the due date, against its limit), total (that
-- sum itself), refused (the plan contradicts itself: its check says so, and it is never judged).
with written as (
    select
        unnest(string_split(rules.operators, '|')) as operator,
        rules.kinds,
        rules.side,
        rules.until_due,
        rules.after_due
    from (
        values
        ('reach|exceed', 'stock|capacity|cumulative|flow', 'short', 'schedule', 'final'),
        ('reach|exceed', 'stock|capacity|cumulative|flow', 'there', 'refused', 'refused'),
        ('reach|exceed', 'ratio|growth', 'short', 'level', 'level'),
        ('reach|exceed', 'ratio|growth', 'there', 'refused', 'refused'),
        ('at_most', 'stock|capacity', 'short', 'schedule', 'final'),
        ('at_most', 'stock|capacity', 'there', 'limit', 'limit'),
        ('at_most', 'cumulative', 'short', 'refused', 'refused'),
        ('at_most', 'cumulative', 'there', 'heading', 'total'),
        ('at_most', 'flow', 'short|there', 'heading', 'total'),
        ('at_most', 'ratio|growth', 'short|there', 'level', 'level')
    ) as rules (operators, kinds, side, until_due, after_due)
),

by_kind as (
    select
        operator,
        unnest(string_split(kinds, '|')) as kind,
        side,
        until_due,
        after_due
    from written
)

select
    operator,
    kind,
    unnest(string_split(side, '|')) as side,
    until_due,
    after_due
from by_kind
order by operator, kind, side
