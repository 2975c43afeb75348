{%- set fields = [
    "phone", "first_name", "last_name", "gender", "address", "city", "region", "postal_code", "country", "language",
    "timezone", "loyalty_tier",
] %}
-- grain: one row per profile; anonymous visitors and erased stubs included
with

golden as (

    select
        profile_id,
        {%- for field in fields %}
        max(case when field = '{{ field }}' then value end) as {{ field }},
        {%- endfor %}
        max(case when field = 'birth_date' then value end) as birth_date
    from {{ ref("int_personalize__golden_fields") }}
    group by profile_id

),

identifiers as (

    select
        profile_id,
        count_if(identifier_type = 'account') as account_count,
        count_if(identifier_type = 'email') as email_count,
        count_if(identifier_type = 'anonymous') as anonymous_id_count,
        min(first_seen_at) as first_seen_at
    from {{ ref("int_personalize__identity_map") }}
    group by profile_id

),

favourites as (

    select
        profile_id,
        max(case when dimension = 'category' then value end) as favourite_category,
        max(case when dimension = 'brand' then value end) as favourite_brand
    from {{ ref("int_personalize__affinities") }}
    where affinity_rank = 1
    group by profile_id

)

select
    cast(permissions.profile_id as varchar) as profile_id,
    cast(permissions.email as varchar) as email,
    {%- for field in fields %}
    cast(golden.{{ field }} as varchar) as {{ field }},
    {%- endfor %}
    cast(golden.birth_date as date) as birth_date,
    cast(coalesce(identifiers.account_count, 0) as bigint) as account_count,
    cast(coalesce(identifiers.email_count, 0) as bigint) as email_count,
    cast(coalesce(identifiers.anonymous_id_count, 0) as bigint) as anonymous_id_count,
    cast(identifiers.first_seen_at as timestamp) as first_seen_at,
    cast(permissions.is_erased as boolean) as is_erased,
    cast(permissions.can_market as boolean) as can_market,
    cast(permissions.can_personalize as boolean) as can_personalize,
    cast(rfm.first_ordered_at as timestamp) as first_ordered_at,
    cast(rfm.last_ordered_at as timestamp) as last_ordered_at,
    cast(rfm.order_count as bigint) as order_count,
    cast(rfm.monetary_value as decimal(18, 2)) as monetary_value,
    cast(rfm.average_order_value as decimal(18, 2)) as average_order_value,
    cast(rfm.recency_days as double) as recency_days,
    cast(rfm.recency_score as bigint) as recency_score,
    cast(rfm.frequency_score as bigint) as frequency_score,
    cast(rfm.monetary_score as bigint) as monetary_score,
    cast(favourites.favourite_category as varchar) as favourite_category,
    cast(favourites.favourite_brand as varchar) as favourite_brand,
    cast(engagement.engagement_score as double) as engagement_score,
    cast(engagement.last_opened_at as timestamp) as last_opened_at,
    cast(engagement.last_clicked_at as timestamp) as last_clicked_at
from {{ ref("int_personalize__permissions") }} as permissions
left join golden
    on permissions.profile_id = golden.profile_id
left join identifiers
    on permissions.profile_id = identifiers.profile_id
left join {{ ref("int_personalize__rfm") }} as rfm
    on permissions.profile_id = rfm.profile_id
left join favourites
    on permissions.profile_id = favourites.profile_id
left join {{ ref("int_personalize__email_engagement") }} as engagement
    on permissions.profile_id = engagement.profile_id
