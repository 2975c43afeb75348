{#- A staged input with the profile each row belongs to: by account, else by e-mail, else by anonymous id. -#}
{% macro resolved_input(input) -%}
{%- set columns = personalize.input_contract()[input].columns -%}
{%- set account = "source_customer_id" in columns -%}
{%- set email = "email" in columns and input != "customers" -%}
{%- set anonymous = "anonymous_id" in columns -%}
    select
        rows_read.*,
        coalesce(
            {{ "by_account.profile_id, " if account }}{{ "by_email.profile_id, " if email }}
            {{- "by_anonymous.profile_id, " if anonymous }}null
        ) as profile_id,
        coalesce(
            {{ "by_account.match_rule, " if account }}{{ "by_email.match_rule, " if email }}
            {{- "by_anonymous.match_rule, " if anonymous }}null
        ) as match_rule,
        coalesce(
            {{ "by_account.match_probability, " if account }}{{ "by_email.match_probability, " if email }}
            {{- "by_anonymous.match_probability, " if anonymous }}null
        ) as match_probability
    from {{ ref("personalize", "stg_personalize__" ~ input) }} as rows_read
    {%- if account %}
    left join {{ ref("personalize", "int_personalize__identity_map") }} as by_account
        on by_account.identifier_type = 'account'
        and by_account.identifier = {{ personalize.account_of("rows_read") }}
    {%- endif %}
    {%- if email %}
    left join {{ ref("personalize", "int_personalize__identity_map") }} as by_email
        on by_email.identifier_type = 'email'
        and by_email.identifier = rows_read.email
    {%- endif %}
    {%- if anonymous %}
    left join {{ ref("personalize", "int_personalize__identity_map") }} as by_anonymous
        on by_anonymous.identifier_type = 'anonymous'
        and by_anonymous.identifier = rows_read.anonymous_id
    {%- endif %}
{%- endmacro %}
