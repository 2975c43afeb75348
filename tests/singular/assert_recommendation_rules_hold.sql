-- Promise 7, rule by rule, from the catalogue, today's facts and the e-mails sent: one row per
-- recommendation or product in an e-mail that a declared rule forbids there.
{%- set rules = personalize.recommendation_rules() %}
{%- set size = personalize.setting("recommendations_per_profile") | int %}
with

shown as (

    select
        recommendations.profile_id,
        cast(null as varchar) as campaign_id,
        recommendations.rank,
        recommendations.product_id
    from {{ ref("personalize__recommendations") }} as recommendations
    union all
    select
        blocks.profile_id,
        coalesce(blocks.rule_id, 'default') as campaign_id,
        cast(null as bigint) as rank,
        blocks.product_id
    from {{ ref("personalize__content_blocks") }} as blocks
    where blocks.product_id is not null

),

emails as (

    select
        profile_id,
        product_id,
        occurred_at,
        coalesce(message_id, event_id) as message_id
    from {{ ref("int_personalize__resolved_email_events") }}
    where event_type in ('send', 'delivered')

),

violations as (

    select
        cast(null as varchar) as rule_id,
        cast(null as varchar) as profile_id,
        cast(null as varchar) as product_id
    where false
    {%- for id, rule in rules.items() %}
    {%- if rule.kind == "exclude" %}
    union all
    select
        '{{ id }}' as rule_id,
        shown.profile_id,
        shown.product_id
    from shown
    where shown.product_id in (
            select products.product_id
            from {{ ref("int_personalize__current_products") }} as products
            where {{ rule.products }}
        )
        {%- if rule.people is not none %}
        and shown.profile_id in (
            select facts.profile_id
            from {{ ref("int_personalize__decision_facts") }} as facts
            where {{ rule.people }}
        )
        {%- endif %}
        {%- if rule.campaigns is not none %}
        and shown.campaign_id in ('{{ rule.campaigns | join("', '") }}')
        {%- endif %}
    {%- elif rule.kind == "cap" %}
    union all
    select
        '{{ id }}' as rule_id,
        shown.profile_id,
        max(shown.product_id) as product_id
    from shown
    inner join {{ ref("int_personalize__current_products") }} as products
        on shown.product_id = products.product_id
    where shown.rank is not null
        and products.{{ rule.by }} is not null
    group by shown.profile_id, products.{{ rule.by }}
    having count(*) > {{ rule.at_most }}
        + {{ personalize.recommendation_rules_of(["pin"]) | length }}
    {%- elif rule.kind == "show_at_most" %}
    union all
    select
        '{{ id }}' as rule_id,
        shown.profile_id,
        shown.product_id
    from shown
    inner join emails
        on shown.profile_id = emails.profile_id
        and shown.product_id = emails.product_id
    where shown.rank is not null
        and {{ personalize.days_between("emails.occurred_at", personalize.as_of()) }}
        < {{ rule.within_days }}
        and shown.product_id in (
            select products.product_id
            from {{ ref("int_personalize__current_products") }} as products
            where {{ rule.products or "true" }}
        )
    group by shown.profile_id, shown.product_id
    having count(distinct emails.message_id) >= {{ rule.at_most }}
    {%- elif rule.kind == "pin" and rule.place <= size %}
    union all
    select
        '{{ id }}' as rule_id,
        shown.profile_id,
        shown.product_id
    from shown
    where shown.rank is not null
        and shown.rank <> {{ rule.place }}
        and shown.product_id in (
            select products.product_id
            from {{ ref("int_personalize__current_products") }} as products
            where {{ rule.products }}
        )
        {%- if rule.people is not none %}
        and shown.profile_id in (
            select facts.profile_id
            from {{ ref("int_personalize__decision_facts") }} as facts
            where {{ rule.people }}
        )
        {%- endif %}
    {%- endif %}
    {%- endfor %}

)

select
    rule_id,
    profile_id,
    product_id
from violations
