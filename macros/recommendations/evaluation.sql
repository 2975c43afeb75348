{#- What the lists of the past are judged by, and whom they are judged for. -#}


{#- How many past windows are judged: one less than there are, because the last one only gives the hit rates. -#}
{% macro judged_windows() %}
    {% do return([personalize.setting("recommendation_backtest_windows") | int - 1, 1] | max) %}
{% endmacro %}


{#- {attribute: expression over personalize__profiles, as profiles} of the groups that must be served alike. -#}
{% macro fairness_attributes() %}
    {% set age = personalize.days_between("profiles.birth_date", personalize.as_of()) %}
    {% set known = {
        "gender": "lower(profiles.gender)",
        "country": "upper(profiles.country)",
        "language": "lower(profiles.language)",
        "loyalty_tier": "lower(profiles.loyalty_tier)",
        "age": "case when profiles.birth_date is null then null when " ~ age ~ " < 30 * 365.25 then 'under 30'"
            ~ " when " ~ age ~ " < 50 * 365.25 then '30 to 49' else '50 and over' end",
    } %}
    {% set configured = personalize.setting("fairness_attributes") %}
    {% if configured is string or configured is mapping or configured is not sequence %}
        {% do personalize.refuse("fairness_attributes", "must be a list of " ~ known | join(", ")) %}
    {% endif %}
    {% set chosen = {} %}
    {% for attribute in configured %}
        {% if attribute not in known %}
            {% do personalize.refuse("fairness_attributes", "names '" ~ attribute ~ "'" ~ personalize.hint(attribute, known)) %}
        {% endif %}
        {% do chosen.update({attribute: known[attribute]}) %}
    {% endfor %}
    {% do return(chosen) %}
{% endmacro %}


{#-
    How good lists were, one row per way (model), window and person: with-queries over a relation of lists with the columns of
    int_personalize__judged_lists. Accuracy is null for whoever bought nothing.
-#}
{% macro list_measures(lists) %}
{%- set size = personalize.setting("recommendations_per_profile") | int -%}
with

bought as (

    select
        window_number,
        profile_id,
        count(*) as products,
        case when count(*) < {{ size }} then count(*) else {{ size }} end as findable
    from {{ ref("personalize", "int_personalize__recommendation_outcomes") }}
    group by window_number, profile_id

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

buyers as (

    select
        window_number,
        sum(buyers) as all_buyers
    from {{ ref("personalize", "int_personalize__product_popularity") }}
    group by window_number

),

listed as (

    select
        lists.*,
        coalesce(products.category, lists.product_id) as kind,
        -ln((popularity.buyers + 1) / cast(buyers.all_buyers + 1 as double)) / ln(2) as surprise,
        sum(case when lists.is_hit then 1 else 0 end) over (
            partition by lists.model, lists.window_number, lists.profile_id
            order by lists.rank
        ) as hits_so_far,
        count(*) over (
            partition by
                lists.model, lists.window_number, lists.profile_id,
                coalesce(products.category, lists.product_id)
        ) as of_its_kind,
        count(*) over (
            partition by lists.model, lists.window_number, lists.profile_id
        ) as places
    from {{ lists }} as lists
    inner join {{ ref("personalize", "int_personalize__current_products") }} as products
        on lists.product_id = products.product_id
    inner join {{ ref("personalize", "int_personalize__product_popularity") }} as popularity
        on lists.window_number = popularity.window_number
        and lists.product_id = popularity.product_id
    inner join buyers
        on lists.window_number = buyers.window_number

),

sums as (

    select
        model,
        window_number,
        profile_id,
        sum(case when is_hit then 1 else 0 end) as hits,
        sum(case when is_hit then 1 / ln(rank + 1) else 0 end) as gain,
        sum(case when is_hit then hits_so_far / cast(rank as double) else 0 end) as precisions,
        sum(chance) as expected,
        avg(surprise) as novelty,
        1 - sum(of_its_kind - 1) / cast(nullif(max(places) * (max(places) - 1), 0) as double)
            as diversity
    from listed
    group by model, window_number, profile_id

)

select
    sums.model,
    sums.window_number,
    sums.profile_id,
    round(sums.hits / cast(bought.products as double), 10) as recall,
    round(sums.gain / best_gains.best_gain, 10) as ndcg,
    round(sums.precisions / bought.findable, 10) as average_precision,
    case
        when bought.products is not null then case when sums.hits > 0 then 1 else 0 end
    end as hit,
    sums.hits,
    round(sums.expected, 10) as expected,
    round(sums.novelty, 10) as novelty,
    round(sums.diversity, 10) as diversity
from sums
left join bought
    on sums.window_number = bought.window_number
    and sums.profile_id = bought.profile_id
left join best_gains
    on bought.findable = best_gains.findable
{%- endmacro %}
