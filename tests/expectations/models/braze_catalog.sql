-- grain: as in the export
select * from {{ ref("personalize", "export_personalize__braze_catalog") }}
