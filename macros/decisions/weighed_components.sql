{#- Per component the weight that a goal gives it, from rows of component and weight; 0 where none is given. -#}
{% macro weights_by_component() -%}
    {%- for component in personalize.score_components() -%}
coalesce(max(case when component = '{{ component }}' then weight end), 0) as {{ component }}_weight{{ ",\n" if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Every component of `components` and weight of `weights`, then their weighted sum and the sum of the weights. -#}
{% macro weighed_components() -%}
    {%- set names = personalize.score_components() -%}
    {%- set products, weights = [], [] -%}
    {%- for name in names -%}
components.{{ name }},
weights.{{ name }}_weight,
{% do products.append("components." ~ name ~ " * weights." ~ name ~ "_weight") -%}
        {%- do weights.append("weights." ~ name ~ "_weight") -%}
    {%- endfor -%}
{{ products | join("\n+ ") }} as weighted_sum,
{{ weights | join(" + ") }} as weight_sum
{%- endmacro %}


{#- Every component and its weight in the types of the public model. -#}
{% macro typed_components() -%}
    {%- for component in personalize.score_components() -%}
cast({{ component }} as double) as {{ component }},
cast({{ component }}_weight as double) as {{ component }}_weight{{ ",\n" if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
