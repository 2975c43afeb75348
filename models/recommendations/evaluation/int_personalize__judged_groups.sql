-- grain: one row per past window, person of the sample and group whose lists are judged apart
{%- set attributes = personalize.fairness_attributes() %}
with

histories as (

    select
        requests.window_number,
        requests.profile_id,
        count(interactions.product_id) as products
    from {{ ref("int_personalize__recommendation_requests") }} as requests
    left join {{ ref("int_personalize__interactions") }} as interactions
        on requests.window_number = interactions.window_number
        and requests.profile_id = interactions.profile_id
        and interactions.weight > 0
    where requests.window_number > 0
    group by requests.window_number, requests.profile_id

),

described as (

    select
        histories.*,
        {%- for attribute, expression in attributes.items() %}
        {{ expression }} as fair_{{ attribute }},
        {%- endfor %}
        'window ' || cast(histories.window_number as varchar) as window_group,
        case
            when histories.products < 3 then 'new'
            when histories.products < 20 then 'light'
            else 'heavy'
        end as history_group
    from histories
    inner join {{ ref("personalize__profiles") }} as profiles
        on histories.profile_id = profiles.profile_id

)

select
    window_number,
    profile_id,
    'all' as population
from described
union all
select
    window_number,
    profile_id,
    window_group as population
from described
union all
select
    window_number,
    profile_id,
    history_group as population
from described
{%- for attribute in attributes %}
union all
select
    window_number,
    profile_id,
    '{{ attribute }} ' || fair_{{ attribute }} as population
from described
where fair_{{ attribute }} is not null
{%- endfor %}
