{#-
    CTEs that name every person of int_personalize__identity_nodes, ending in `assigned` (person, profile_id).
    A person keeps the id that its most senior registered identifier had; where two people claim one id (a split) the
    senior claim wins; who has none gets the keyed hash of the most senior identifier. So ids survive both a rebuild
    with the registry and, where no late record came before an earlier one, a rebuild without it.
    registry: a relation (identifier_hash, profile_id), or none.
-#}
{% macro assigned_profile_ids(registry) -%}
anchors as (

    select
        person,
        'p' || left(identifier_hash, 20) as profile_id
    from {{ ref("personalize", "int_personalize__identity_nodes") }}
    where seniority = 1

),

{% if registry is not none -%}
claims as (

    select
        nodes.person,
        registry.profile_id,
        nodes.first_seen_at,
        nodes.identifier_hash
    from {{ ref("personalize", "int_personalize__identity_nodes") }} as nodes
    inner join {{ registry }} as registry
        on nodes.identifier_hash = registry.identifier_hash
    qualify row_number() over (partition by nodes.person order by nodes.seniority) = 1

),

granted as (

    select
        person,
        profile_id
    from claims
    qualify row_number() over (
        partition by profile_id order by first_seen_at nulls last, identifier_hash
    ) = 1

),

assigned as (

    select
        anchors.person,
        case
            when granted.profile_id is not null then granted.profile_id
            when taken.profile_id is not null
                then 'p' || left({{ personalize.keyed_hash("'split:' || anchors.profile_id") }}, 20)
            else anchors.profile_id
        end as profile_id
    from anchors
    left join granted
        on anchors.person = granted.person
    left join granted as taken
        on anchors.profile_id = taken.profile_id

)
{%- else -%}
assigned as (

    select
        person,
        profile_id
    from anchors

)
{%- endif %}
{%- endmacro %}
