-- grain: one row per rule that speaks of some products and such a product
{%- set spoken = [] %}
{%- for id, rule in personalize.recommendation_rules().items() if rule.products is not none %}
{%- do spoken.append(id) %}
{{- "union all" if spoken | length > 1 }}
select
    '{{ id }}' as rule_id,
    product_id
from {{ ref("int_personalize__current_products") }}
where {{ rule.products }}
{% endfor %}
{%- if not spoken %}
select
    cast(null as varchar) as rule_id,
    product_id
from {{ ref("int_personalize__current_products") }}
where false
{%- endif %}
