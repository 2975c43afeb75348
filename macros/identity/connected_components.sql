{#-
    CTEs that name every node of a bipartite graph by the smallest node of its connected component: in each round every
    component joins its smallest neighbour, and that one's; the names that are compared are hashes, so that no order of
    ids makes long chains slow (after Łącki, Mirrokni and Włodarczyk 2018, "Connected components at scale via local
    contractions"). Eight rounds close chains of a thousand links; assert_promise_02_components_closed fails where one is left open.
    memberships: a CTE (node, group_id). The last CTE is <name> (node, component).
-#}
{% macro connected_components(name, memberships, rounds=8) -%}
{{ name }}_0 as (

    select distinct
        node,
        md5(node) as component
    from {{ memberships }}

),

{% for round in range(1, rounds + 1) -%}
{{ name }}_group_{{ round }} as (

    select
        memberships.group_id,
        min(nodes.component) as smallest
    from {{ memberships }} as memberships
    inner join {{ name }}_{{ round - 1 }} as nodes
        on memberships.node = nodes.node
    group by memberships.group_id

),

{{ name }}_hop_{{ round }} as (

    select
        nodes.component,
        min(shared.smallest) as neighbour
    from {{ memberships }} as memberships
    inner join {{ name }}_{{ round - 1 }} as nodes
        on memberships.node = nodes.node
    inner join {{ name }}_group_{{ round }} as shared
        on memberships.group_id = shared.group_id
    group by nodes.component

),

{{ name }}_{{ round }} as (

    select
        nodes.node,
        jumps.neighbour as component
    from {{ name }}_{{ round - 1 }} as nodes
    inner join {{ name }}_hop_{{ round }} as hops
        on nodes.component = hops.component
    inner join {{ name }}_hop_{{ round }} as jumps
        on hops.neighbour = jumps.component

),

{% endfor -%}
{{ name }} as (

    select
        node,
        min(node) over (partition by component) as component
    from {{ name }}_{{ rounds }}

)
{%- endmacro %}
