-- grain: as in the public model
select * from {{ ref("personalize", "personalize__journey_funnel") }}
