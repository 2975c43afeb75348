{#-
    CTEs that label every node of a bipartite graph with the smallest node of its connected component: hash-to-min
    with pointer jumping (Rastogi and others 2013, "Finding connected components in map-reduce in logarithmic rounds").
    memberships: a CTE (node, group_id). The last CTE is <name> (node, component). After r rounds chains of up to
    2^r links are closed; assert_promise_02_components_closed fails where one is left open.
-#}
{% macro connected_components(name, memberships, rounds=8) -%}
{{ name }}_round_0 as (

    select distinct
        node,
        node as component
    from {{ memberships }}

),

{% for round in range(1, rounds + 1) -%}
{{ name }}_hop_{{ round }} as (

    select
        memberships.node,
        min(group_components.component) as component
    from {{ memberships }} as memberships
    inner join (
        select
            members.group_id,
            min(labels.component) as component
        from {{ memberships }} as members
        inner join {{ name }}_round_{{ round - 1 }} as labels
            on members.node = labels.node
        group by members.group_id
    ) as group_components
        on memberships.group_id = group_components.group_id
    group by memberships.node

),

{{ name }}_round_{{ round }} as (

    select
        hops.node,
        least(hops.component, jumps.component) as component
    from {{ name }}_hop_{{ round }} as hops
    inner join {{ name }}_hop_{{ round }} as jumps
        on hops.component = jumps.node

),

{% endfor -%}
{{ name }} as (

    select
        node,
        component
    from {{ name }}_round_{{ rounds }}

)
{%- endmacro %}
