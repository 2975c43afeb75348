{#-
    CTEs that name every person of int_personalize__identity_nodes, ending in `assigned` (person, profile_id).
    A person keeps the id that its identifiers had: that of its most senior account, else of its most senior e-mail, else
    cookie. Where two people claim one id (a split, a cookie that turns out to be shared) the claim by account comes before
    the claim by e-mail and by cookie, then the senior one. Who has none gets the keyed hash of the most senior identifier
    of any kind. So ids survive both a rebuild with the registry and, where no late record came before an earlier one, a
    rebuild without it.
    registry: a relation (identifier_hash, profile_id), or none.
    erased: a relation of profile ids that nobody keeps, or none.
-#}
{% macro assigned_profile_ids(registry, erased=none) -%}
anchors as (

    select
        person,
        'p' || left(identifier_hash, 20) as profile_id
    from {{ ref("personalize", "int_personalize__identity_nodes") }}
    where seniority = 1

),

{% if registry is not none -%}
registered as (

    select
        nodes.person,
        registry.profile_id,
        nodes.seniority,
        nodes.first_seen_at,
        nodes.identifier_hash,
        case nodes.identifier_type when 'account' then 1 when 'email' then 2 else 3 end as strength
    from {{ ref("personalize", "int_personalize__identity_nodes") }} as nodes
    inner join {{ registry }} as registry
        on nodes.identifier_hash = registry.identifier_hash
    {%- if erased is not none %}
    where registry.profile_id not in (select profile_id from {{ erased }})
    {%- endif %}

),

claims as (

    select *
    from registered
    qualify row_number() over (partition by person order by strength, seniority) = 1

),

granted as (

    select
        person,
        profile_id
    from claims
    qualify row_number() over (
        partition by profile_id order by strength, first_seen_at nulls last, identifier_hash
    ) = 1

),

assigned as (

    select
        anchors.person,
        case
            when granted.profile_id is not null then granted.profile_id
            when taken.profile_id is not null
            {%- if erased is not none %}
                or anchors.profile_id in (select profile_id from {{ erased }})
            {%- endif %}
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
