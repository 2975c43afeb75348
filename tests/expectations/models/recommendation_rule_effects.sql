-- grain: as in the public model
select * from {{ ref("personalize", "personalize__recommendation_rule_effects") }}
