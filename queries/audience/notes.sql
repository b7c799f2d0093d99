-- One row per check-in note: none, since they are words of the planning office, and words are
-- not checked for figures.
select
    made.month,
    made.target_id,
    made.owner,
    made.text_zh,
    made.text_en,
    made.source,
    made.demo
from main.notes as made
where false
