-- One row: events read, and of them those that are the same event again.
select
    (select count(*) from judged) as read,
    (select count(*) from repeated where place > 1 and not conflicting) as repeated
