-- grain: one row per way of making lists and person who bought in the latest window that is over
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

buyers as (

    select
        profile_id,
        count(*) as bought,
        case when count(*) < {{ size }} then count(*) else {{ size }} end as findable
    from {{ ref("int_personalize__recommendation_outcomes") }}
    where window_number = 1
    group by profile_id

),

places as (

    {%- for place in range(1, size + 1) %}
    select
        {{ place }} as place,
        1 / ln({{ place + 1 }}) as gain
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

best_gains as (

    select
        place as findable,
        sum(gain) over (order by place) as best_gain
    from places

),

lists as (

    {%- for order in ["blend", "turn"] %}
    select
        'recommendation_{{ order }}' as model,
        profile_id,
        product_id,
        {{ order }}_rank as rank
    from {{ ref("int_personalize__blended_recommendations") }}
    where window_number = 1 and {{ order }}_rank <= {{ size }}
    union all
    {%- endfor %}
    select
        'popularity' as model,
        buyers.profile_id,
        popularity.product_id,
        popularity.popularity_rank as rank
    from buyers
    cross join {{ ref("int_personalize__product_popularity") }} as popularity
    where popularity.window_number = 1 and popularity.popularity_rank <= {{ size }}

),

hits as (

    select
        lists.model,
        lists.profile_id,
        lists.rank,
        row_number() over (
            partition by lists.model, lists.profile_id
            order by lists.rank
        ) as hits_so_far
    from lists
    inner join {{ ref("int_personalize__recommendation_outcomes") }} as outcomes
        on outcomes.window_number = 1
        and lists.profile_id = outcomes.profile_id
        and lists.product_id = outcomes.product_id

),

models as (

    select distinct model
    from lists

)

select
    models.model,
    buyers.profile_id,
    count(hits.rank) / cast(max(buyers.bought) as double) as recall,
    coalesce(sum(1 / ln(hits.rank + 1)), 0) / max(best_gains.best_gain) as ndcg,
    coalesce(sum(hits.hits_so_far / cast(hits.rank as double)), 0)
    / max(buyers.findable) as average_precision,
    case when count(hits.rank) > 0 then 1 else 0 end as hit
from buyers
cross join models
inner join best_gains
    on buyers.findable = best_gains.findable
left join hits
    on models.model = hits.model
    and buyers.profile_id = hits.profile_id
group by models.model, buyers.profile_id
