-- grain: one row per declared rule over the model
with

declared as (

    {{ personalize.recommendation_rule_rows() | indent(4) }}

)

select
    cast(rule_id as varchar) as rule_id,
    cast(rule_order as integer) as rule_order,
    cast(kind as varchar) as kind,
    cast(description as varchar) as description,
    cast(is_for_everybody as boolean) as is_for_everybody,
    cast(is_for_every_product as boolean) as is_for_every_product,
    cast(is_for_campaigns as boolean) as is_for_campaigns,
    cast(factor as double) as factor,
    cast(place as integer) as place,
    cast(at_most as integer) as at_most,
    cast(within_days as integer) as within_days,
    cast(weight as double) as weight
from declared
