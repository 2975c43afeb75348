{%- set lookalikes = personalize.lookalike_segments() %}
-- grain: one row per look-alike segment and person in it
-- depends_on: {{ ref("personalize__profile_vectors") }}
{%- if lookalikes %}
with

numbers as (

    {%- for dimension in range(1, personalize.embedding_dimensions() + 1) %}
    select {{ dimension }} as dimension
    {{- " union all" if not loop.last }}
    {%- endfor %}

),

coordinates as (

    select
        vectors.profile_id,
        numbers.dimension,
        cast(
            split_part(
                replace(replace(vectors.vector, '[', ''), ']', ''), ',', numbers.dimension
            ) as double
        ) as value
    from {{ ref("personalize__profile_vectors") }} as vectors
    cross join numbers

),

-- the mean of the vectors of the people it is to be like
means as (

    select
        seeds.segment_id,
        coordinates.dimension,
        cast({{ personalize.exact_sum("coordinates.value") }} as double) / count(*) as value
    from coordinates
    inner join {{ ref("int_personalize__lookalike_seeds") }} as seeds
        on coordinates.profile_id = seeds.profile_id
    group by seeds.segment_id, coordinates.dimension
    having count(*) >= {{ personalize.setting("lookalike_min_seeds") }}

),

lengths as (

    select
        segment_id,
        sqrt(cast({{ personalize.exact_sum("value * value") }} as double)) as length
    from means
    group by segment_id

),

cosines as (

    select
        means.segment_id,
        coordinates.profile_id,
        cast({{ personalize.exact_sum("coordinates.value * means.value") }} as double) as product
    from coordinates
    inner join means
        on coordinates.dimension = means.dimension
    group by means.segment_id, coordinates.profile_id

),

scored as (

    select
        cosines.segment_id,
        cosines.profile_id,
        round(cosines.product / lengths.length, 6) as likeness,
        round(cosines.product / lengths.length * vectors.weight, 6) as score
    from cosines
    inner join lengths
        on cosines.segment_id = lengths.segment_id
    inner join {{ ref("personalize__profile_vectors") }} as vectors
        on cosines.profile_id = vectors.profile_id
    left join {{ ref("int_personalize__lookalike_seeds") }} as seeds
        on cosines.segment_id = seeds.segment_id
        and cosines.profile_id = seeds.profile_id
    where seeds.profile_id is null
        and lengths.length > 0

),

ranked as (

    select
        segment_id,
        profile_id,
        likeness,
        score,
        row_number() over (
            partition by segment_id
            order by score desc, profile_id
        ) as score_rank,
        count(*) over (partition by segment_id) as compared
    from scored

)

select
    profile_id,
    segment_id,
    likeness,
    score,
    score_rank
from ranked
where score_rank <= case segment_id
        {%- for id, lookalike in lookalikes.items() %}
        when '{{ id }}' then {{ lookalike.people or "ceil(" ~ lookalike.share ~ " * compared)" }}
        {%- endfor %}
    end
{%- else %}
select
    profile_id,
    cast(null as varchar) as segment_id,
    cast(null as double) as likeness,
    cast(null as double) as score,
    cast(null as bigint) as score_rank
from {{ ref("int_personalize__lookalike_seeds") }}
where false
{%- endif %}
