{{ config(materialized="view") }}

-- grain: one row per profile: what a condition may speak of
-- depends_on: {{ ref("int_personalize__lookalikes") }}
{%- set is_any = personalize.lookalike_segments() | length > 0 %}
{%- if is_any %}
with

lists as (

    select
        profile_id,
        '|' || {{ listagg("segment_id", "'|'", "order by segment_id") }} || '|' as lookalikes
    from {{ ref("int_personalize__lookalikes") }}
    group by profile_id

)
{% endif %}
select
    facts.profile_id,
    {%- for fact in personalize.decision_facts() if fact != "lookalikes" %}
    facts.{{ fact }},
    {%- endfor %}
    cast(
        case
            when facts.can_personalize
                then {{ "coalesce(lists.lookalikes, '|')" if is_any else "'|'" }}
        end as varchar
    ) as lookalikes
from {{ ref("int_personalize__own_facts") }} as facts
{%- if is_any %}
left join lists
    on facts.profile_id = lists.profile_id
{%- endif %}
