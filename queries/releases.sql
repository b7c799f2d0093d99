-- One row per family of returns, period, scope (city, a unit, or rest: all hidden units together)
-- and measure: what is released to readers who are not the planner, what waits and why.
-- $family: enterprise_quarterly, workforce_monthly or datasets; $scope: city, rest or a unit;
-- $from_month, $to_month: periods by their last month.
-- release_state: first (first release, verified once a year), verified, standing (corrected
-- since, which may not be published), seed (shown before the ledger began), waiting (waits_for:
-- what is not in, joined by |), primary (too few or too dominant contributors), merged (hidden
-- with others so that these do not follow), never (even all units together would not protect
-- one). measure and value are NULL where nothing is out. contributors of contributors_due are in
-- it.
select
    states.family,
    states.period as month,
    states.scope,
    released.measure,
    states.state as release_state,
    released.value,
    states.contributors,
    states.due as contributors_due,
    states.released_on,
    states.released_in,
    states.waits_for
from release_states as states
left join released_values as released
    on
        states.family = released.family
        and states.period = released.period
        and states.scope = released.scope
where
    ($family::varchar is null or states.family = $family::varchar)
    and ($scope::varchar is null or states.scope = $scope::varchar)
    and ($from_month::date is null or states.period >= $from_month::date)
    and ($to_month::date is null or states.period <= $to_month::date)
order by states.period desc, states.family asc, states.scope asc, released.measure asc
