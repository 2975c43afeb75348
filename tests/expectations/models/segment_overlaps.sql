-- grain: as in the public model
select * from {{ ref("personalize", "personalize__segment_overlaps") }}
