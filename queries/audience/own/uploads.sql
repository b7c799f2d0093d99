-- Files that carried rows of the own unit and of no other.
select uploads.*
from main.uploads
where
    uploads.upload_id in (
        select returns.upload_id
        from main.returns
        group by returns.upload_id
        having bool_and(coalesce(returns.unit_id = getvariable('own_unit'), false))
    )
    and not exists (
        select 1
        from main.findings
        where
            findings.upload_id = uploads.upload_id
            and findings.unit_id <> getvariable('own_unit')
    )
