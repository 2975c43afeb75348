{#-
    The CTEs that read one input by its contract, ending in `checked`: every row of the input exactly once, with
    row_status (kept, rejected, later), reject_reason, record_id, is_current and, where rejected, row_json.
    Rules are applied in this order: unusable row, refused by an erasure, later than as_of, duplicate key.
-#}
{% macro checked_input(input) %}
{%- set table = personalize.input_contract()[input] -%}
{%- set columns = table.columns -%}
{%- set key = table.key -%}
{%- set time = table.get("time") -%}
{%- set refusable = personalize.refusable_identifiers(columns) -%}
{%- set in_batches = personalize.reads_batches(input) -%}
with

{% if in_batches -%}
{{ personalize.batch_ctes(input) }}

{% endif -%}
typed as (

    {{ personalize.typed_rows(input, columns) | indent(4) }}
    {%- if in_batches %}
    {{ personalize.within_batches() | indent(4) }}
    {%- endif %}

),

{% if table.get("parent") -%}
parents as (

    select
        {{ table.parent.column }},
        max(case when row_status = 'kept' then 1 else 0 end) = 0
        and max(case when row_status = 'later' then 1 else 0 end) = 1 as is_later,
        min(case when row_status = 'rejected' then 1 else 0 end) = 1 as is_rejected
    from {{ ref("personalize", "int_personalize__checked_" ~ table.parent.input) }}
    group by {{ table.parent.column }}

),

{% endif -%}
{% if refusable -%}
refused as (

    {{ personalize.refused_identifiers("typed", refusable) }}

),

{% endif -%}
judged as (

    select
        typed.*,
        {{ personalize.record_id(input) }} as record_id,
        {{ personalize.row_problem(table) }} as problem,
        {%- if refusable %}
        (
            {%- for type in refusable %}
            coalesce(
                {%- if time %}
                refused_{{ type }}.identifier is not null and not coalesce(
                    typed.{{ time }} > refused_{{ type }}.erased_at and refused_{{ type }}.readmitted_at is not null, false
                )
                {%- else %}
                refused_{{ type }}.identifier is not null
                {%- endif %}, false
            ){{ " or" if not loop.last }}
            {%- endfor %}
        ) as is_refused,
        {%- else %}
        false as is_refused,
        {%- endif %}
        {%- if table.get("parent") %}
        coalesce(parents.is_later, false) as is_later,
        {%- elif time %}
        coalesce({{ personalize.happened_later(input, "typed." ~ time) }}, false) as is_later,
        {%- else %}
        false as is_later,
        {%- endif %}
        {{ personalize.strictness(table) }} as strictness
    from typed
    {%- for type, identifier in refusable.items() %}
    left join refused as refused_{{ type }}
        on refused_{{ type }}.identifier_type = '{{ type }}'
        and refused_{{ type }}.identifier = {{ identifier }}
    {%- endfor %}
    {%- if table.get("parent") %}
    left join parents
        on typed.{{ table.parent.column }} = parents.{{ table.parent.column }}
    {%- endif %}

),

sorted_out as (

    select
        judged.*,
        case
            when is_refused then 'erased'
            else problem
        end as first_reason,
        case
            when is_refused or problem is not null then 'rejected'
            when is_later then 'later'
            else 'kept'
        end as first_status
    from judged

),

repeated_keys as (

    select {{ key | join(", ") }}{{ ", " ~ time if table.get("versioned") }}
    from sorted_out
    where first_status = 'kept'
    group by {{ key | join(", ") }}{{ ", " ~ time if table.get("versioned") }}
    having count(*) > 1

),

ranked as (

    select
        sorted_out.*,
        1 as place
    from sorted_out
    where not exists (
        select 1
        from repeated_keys
        where {{ personalize.same_values("sorted_out", "repeated_keys", key + ([time] if table.get("versioned") else [])) }}
    )
    union all
    select
        sorted_out.*,
        row_number() over (
            partition by sorted_out.first_status, {{ personalize.prefixed("sorted_out", key + ([time] if table.get("versioned") else [])) }}
            order by
                sorted_out.strictness,
                {%- if time %}
                sorted_out.{{ time }} desc nulls last,
                {%- endif %}
                {{ personalize.prefixed("sorted_out.raw", columns.keys() | list, "_") }}
        ) as place
    from sorted_out
    where exists (
        select 1
        from repeated_keys
        where {{ personalize.same_values("sorted_out", "repeated_keys", key + ([time] if table.get("versioned") else [])) }}
    )

),

checked as (

    select
        {%- for column in columns %}
        {%- if refusable and column not in table.get("kept_when_erased", []) %}
        case when not is_refused then {{ column }} end as {{ column }},
        {%- else %}
        {{ column }},
        {%- endif %}
        {%- endfor %}
        {%- for column in table.get("as_written", []) %}
        case when not is_refused then raw_{{ column }} end as {{ column }}_as_written,
        {%- endfor %}
        case
            when is_refused then {{ personalize.keyed_hash("'record:' || coalesce(record_id, '')") }}
            else record_id
        end as record_id,
        case
            when first_status = 'kept' and place > 1 then 'rejected'
            else first_status
        end as row_status,
        case
            when first_status = 'kept' and place > 1 then 'duplicate {{ key | join(", ") }}'
            else first_reason
        end as reject_reason,
        {%- if table.get("batched") %}
        {{ personalize.batch_day(time) }} as batch_day,
        {%- endif %}
        {%- if table.get("versioned") %}
        first_status = 'kept' and place = 1 and row_number() over (
            partition by {{ key | join(", ") }}, first_status, place = 1
            order by {{ time }} desc nulls last, place
        ) = 1 as is_current,
        {%- endif %}
        case
            when not is_refused and (problem is not null or (first_status = 'kept' and place > 1))
            then {{ personalize.raw_row_json(columns) }}
        end as row_json
    from ranked

)
{% endmacro %}


{#- The identifiers of a relation that an erasure refuses, with the instants that say what of them. -#}
{% macro refused_identifiers(relation, refusable) -%}
    {%- for type, identifier in refusable.items() %}
    select
        '{{ type }}' as identifier_type,
        present.identifier,
        refusals.erased_at,
        refusals.readmitted_at
    from (
        select distinct {{ identifier }} as identifier
        from {{ relation }} as typed
    ) as present
    inner join {{ ref("personalize", "int_personalize__refusals") }} as refusals
        on refusals.identifier_hash = {{ personalize.keyed_hash("'" ~ type ~ ":' || present.identifier") }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- An input column as text without blanks around it; null where nothing is left, or where there is no such column. -#}
{% macro raw_text(input, column) -%}
    {%- set is_there = personalize.input_relation(input) is not none -%}
    {%- set expression = personalize.input_column(input, column) if is_there else "null" -%}
    nullif({{ personalize.trimmed("cast(" ~ expression ~ " as varchar)") }}, '')
{%- endmacro %}


{#- Raw text in the type of its column; null where it cannot be read. -#}
{% macro typed_column(raw, spec) -%}
    {%- if spec[0] == "timestamp" -%}{{ personalize.try_timestamp(raw) }}
    {%- elif spec[0] == "date" -%}{{ personalize.date_as_written(raw) }}
    {%- elif spec[0] == "number" -%}{{ personalize.try_number(raw) }}
    {%- elif spec[0] == "integer" -%}{{ personalize.try_whole_number(raw) }}
    {%- elif spec[0] == "boolean" -%}
        case
            when lower({{ raw }}) in ('true', 't', 'yes', 'y', '1') then true
            when lower({{ raw }}) in ('false', 'f', 'no', 'n', '0') then false
        end
    {%- elif spec[0] == "email" -%}{{ personalize.normalized_email(raw) }}
    {%- elif spec[0] in ("enum", "lower") -%}lower({{ raw }})
    {%- else -%}{{ raw }}
    {%- endif -%}
{%- endmacro %}


{#-
    The first thing that makes a row unusable, as a sentence fragment that names the column; null if none. Where a row
    decides what may be done with a person, a value that cannot be read is no small thing: a permission that ends
    "soon" would never end. There every column must be readable.
-#}
{% macro row_problem(table) -%}
    case
        {%- for column, spec in table.columns.items() if spec[1] %}
        when typed.raw_{{ column }} is null then 'missing {{ column }}'
        {%- if spec[0] == "email" %}
        when typed.{{ column }} is null then 'impossible {{ column }}'
        {%- elif spec[0] == "enum" %}
        when typed.{{ column }} not in ('{{ spec[2] | join("', '") }}') then 'unknown {{ column }}'
        {%- elif spec[0] not in ("text", "lower") %}
        when typed.{{ column }} is null then 'unparseable {{ column }}'
        {%- endif %}
        {%- endfor %}
        {%- if table.get("time") %}
        when typed.{{ table.time }} < cast('{{ personalize.setting("earliest_plausible_time") }}' as timestamp)
            then 'impossible {{ table.time }}'
        {%- endif %}
        {%- if table.get("names_person") %}
        {%- if not table.columns.get("email", ["", false])[1] %}
        when typed.email is null and typed.raw_email is not null and {{ personalize.account_of("typed") }} is null
            then 'impossible email'
        when typed.email is null and {{ personalize.account_of("typed") }} is null then 'names nobody'
        {%- endif %}
        {%- for column, spec in table.columns.items() if not spec[1] and spec[0] not in ("text", "lower", "email") %}
        when typed.{{ column }} is null and typed.raw_{{ column }} is not null then 'unparseable {{ column }}'
        {%- endfor %}
        {%- endif %}
        {%- if table.get("parent") %}
        when parents.{{ table.parent.column }} is null then 'unknown {{ table.parent.column }}'
        when parents.is_rejected then 'rejected {{ table.parent.column }}'
        {%- endif %}
    end
{%- endmacro %}


{#- Whether a row lies after as_of. Erasure requests hold whatever as_of is. -#}
{% macro happened_later(input, time) -%}
    {{ time }} > {{ personalize.as_of() }}
    {%- if input == "privacy_requests" %} and typed.request_type <> 'erasure'{% endif %}
{%- endmacro %}


{#- The identifiers by which an erasure refuses a row of this input: {type: SQL expression}. -#}
{% macro refusable_identifiers(columns) %}
    {% set identifiers = {} %}
    {% if "source_customer_id" in columns %}
        {% do identifiers.update({"account": personalize.account_of("typed")}) %}
    {% endif %}
    {% if "email" in columns %}{% do identifiers.update({"email": "typed.email"}) %}{% endif %}
    {% if "anonymous_id" in columns %}{% do identifiers.update({"anonymous": "typed.anonymous_id"}) %}{% endif %}
    {% do return(identifiers) %}
{% endmacro %}


{#- The key of a row as text, without the source system. -#}
{% macro record_id(input) -%}
    {%- set parts = [] -%}
    {%- for column in personalize.input_contract()[input].key if column != "source_system" -%}
        {%- do parts.append("raw_" ~ column) -%}
    {%- endfor -%}
    {%- if parts | length == 1 -%}
    {{ parts[0] }}
    {%- else -%}
    {%- for part in parts -%}coalesce({{ part }}, ''){{ " || ':' || " if not loop.last }}{%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#- Among duplicate ids the smallest is kept: the row that takes most away from us. -#}
{% macro strictness(table) -%}
    {%- if table.get("strictest") -%}
    case typed.{{ table.strictest[0] }}
        {%- for value in table.strictest[1] %}
        when '{{ value }}' then {{ loop.index0 }}
        {%- endfor %}
        else {{ table.strictest[1] | length }}
    end
    {%- else -%}
    0
    {%- endif -%}
{%- endmacro %}


{% macro same_values(left, right, columns) -%}
    {%- for column in columns -%}
    {{ left }}.{{ column }} is not distinct from {{ right }}.{{ column }}{{ " and " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro prefixed(prefix, columns, joint=".") -%}
    {%- for column in columns -%}
    {{ prefix }}{{ joint }}{{ column }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro raw_row_json(columns) -%}
    {%- set pairs = {} -%}
    {%- for column in columns -%}{%- do pairs.update({column: "raw_" ~ column}) -%}{%- endfor -%}
    {{ personalize.json_object_text(pairs) }}
{%- endmacro %}
