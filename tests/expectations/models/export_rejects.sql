-- grain: as in the public model
select * from {{ ref("personalize", "personalize__export_rejects") }}
