-- grain: as in the public model
select * from {{ ref("personalize", "personalize__message_scores") }}
