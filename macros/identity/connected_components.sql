{#-
    CTEs that name every node of a bipartite graph by the smallest node of its connected component: in each round every
    component joins its smallest neighbour, and that one's; what is compared are numbers in the order of hashes, so that no
    order of ids makes long chains slow (after Łącki, Mirrokni and Włodarczyk 2018, "Connected components at scale via local
    contractions"). Eight rounds close chains of a thousand links; assert_promise_02_components_closed fails where one is left open.
    memberships: a CTE (node, group_id). The last CTE is <name> (node, component).
-#}
{% macro connected_components(name, memberships, rounds=8) -%}
{{ name }}_numbered as (

    select
        node,
        dense_rank() over (order by md5(node)) as node_number,
        dense_rank() over (order by group_id) as group_number
    from {{ memberships }}

),

{{ name }}_0 as (

    select distinct
        node_number,
        node_number as component
    from {{ name }}_numbered

),

{% for round in range(1, rounds + 1) -%}
{{ name }}_group_{{ round }} as (

    select
        memberships.group_number,
        min(nodes.component) as smallest
    from {{ name }}_numbered as memberships
    inner join {{ name }}_{{ round - 1 }} as nodes
        on memberships.node_number = nodes.node_number
    group by memberships.group_number

),

{{ name }}_hop_{{ round }} as (

    select
        nodes.component,
        min(shared.smallest) as neighbour
    from {{ name }}_numbered as memberships
    inner join {{ name }}_{{ round - 1 }} as nodes
        on memberships.node_number = nodes.node_number
    inner join {{ name }}_group_{{ round }} as shared
        on memberships.group_number = shared.group_number
    group by nodes.component

),

{{ name }}_{{ round }} as (

    select
        nodes.node_number,
        jumps.neighbour as component
    from {{ name }}_{{ round - 1 }} as nodes
    inner join {{ name }}_hop_{{ round }} as hops
        on nodes.component = hops.component
    inner join {{ name }}_hop_{{ round }} as jumps
        on hops.neighbour = jumps.component

),

{% endfor -%}
{{ name }}_names as (

    select distinct
        node,
        node_number
    from {{ name }}_numbered

),

{{ name }} as (

    select
        names.node,
        min(names.node) over (partition by nodes.component) as component
    from {{ name }}_names as names
    inner join {{ name }}_{{ rounds }} as nodes
        on names.node_number = nodes.node_number

)
{%- endmacro %}
