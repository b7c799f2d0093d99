-- One row per column of the snapshot that could name or identify a person who labels.
select
    table_name,
    column_name
from information_schema.columns
where
    table_catalog = current_database()
    and regexp_matches(
        lower(column_name),
        '(^|_)(worker|annotator|labeler|labeller|reviewer|user|email|phone|person|completed_by)'
        || '(_?(id|name|hash|key|email))?$'
    )
    -- The office that reviews an indicator's definition is not a person who labels.
    and not (table_name = 'indicators' and column_name = 'reviewer')
order by table_name, column_name
