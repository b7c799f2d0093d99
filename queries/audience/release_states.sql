-- One row per family, period and scope: the state of its release. Which enterprises a unit waits
-- for is left to the unit; the city waits for units.
select
    states.* replace (
        case
            when
                states.scope in ('city', 'rest')
                or states.family <> 'enterprise_quarterly'
                or states.scope = getvariable('own_unit')
                then states.waits_for
        end as waits_for
    )
from main.release_states as states
