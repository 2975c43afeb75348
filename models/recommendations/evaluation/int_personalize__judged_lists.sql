-- grain: one row per way of making lists, past window, person of the sample and place
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

sample_people as (

    select
        window_number,
        profile_id
    from {{ ref("int_personalize__recommendation_requests") }}
    where window_number between 1 and {{ personalize.judged_windows() }}

),

rankers as (

    select count(*) as judgements
    from {{ ref("int_personalize__ranked_candidates") }}
    where window_number = 1

),

hits as (

    select
        blended.window_number,
        count_if(blended.blend_rank <= {{ size }}) as of_blend,
        count_if(blended.simple_rank <= {{ size }}) as of_simple
    from {{ ref("int_personalize__blended_recommendations") }} as blended
    inner join {{ ref("int_personalize__recommendation_outcomes") }} as outcomes
        on blended.window_number = outcomes.window_number
        and blended.profile_id = outcomes.profile_id
        and blended.product_id = outcomes.product_id
    group by blended.window_number

),

ranked as (

    select
        blended.window_number,
        blended.profile_id,
        blended.product_id,
        coalesce(blended.ranker_chance, blended.chance) as ranker_chance,
        coalesce(
            blended.ranker_rank,
            case
                when hits.of_blend > hits.of_simple then blended.blend_rank
                else blended.simple_rank
            end
        ) as ranker_rank
    from {{ ref("int_personalize__blended_recommendations") }} as blended
    cross join rankers
    left join hits
        on blended.window_number = hits.window_number
    where blended.window_number > 0
        and rankers.judgements > 0

),

lists as (

    {%- for order in ["blend", "simple"] %}
    select
        'recommendation_{{ order }}' as model,
        window_number,
        profile_id,
        product_id,
        {{ order }}_rank as rank,
        chance
    from {{ ref("int_personalize__blended_recommendations") }}
    where window_number > 0 and {{ order }}_rank <= {{ size }}
    union all
    {%- endfor %}
    select
        'recommendation_ranker' as model,
        window_number,
        profile_id,
        product_id,
        ranker_rank as rank,
        ranker_chance as chance
    from ranked
    where ranker_rank <= {{ size }}
    union all
    select
        'popularity' as model,
        sample_people.window_number,
        sample_people.profile_id,
        popularity.product_id,
        popularity.title_rank as rank,
        cast(null as double) as chance
    from sample_people
    inner join {{ ref("int_personalize__product_popularity") }} as popularity
        on sample_people.window_number = popularity.window_number
        and popularity.title_rank <= {{ size }}

)

select
    lists.model,
    lists.window_number,
    lists.profile_id,
    lists.product_id,
    lists.rank,
    lists.chance,
    outcomes.product_id is not null as is_hit
from lists
left join {{ ref("int_personalize__recommendation_outcomes") }} as outcomes
    on lists.window_number = outcomes.window_number
    and lists.profile_id = outcomes.profile_id
    and lists.product_id = outcomes.product_id
