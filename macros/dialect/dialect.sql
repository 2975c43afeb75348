{#- The only file that knows a warehouse's name. Each macro takes SQL expressions and gives one back. -#}


{#-
    Text to UTC timestamp: 2026-05-01[ 06:00[:00[.000000]]][+02:00, Z or UTC]; an offset is honoured, text without one is
    UTC; anything else (infinity, epoch numbers, 01.05.2026) is null, on every warehouse alike.
-#}
{% macro try_timestamp(text) %}{{ return(adapter.dispatch("try_timestamp", "personalize")(text)) }}{% endmacro %}

{% macro default__try_timestamp(text) -%}
    {{ personalize.unsupported("try_timestamp") }}
{%- endmacro %}

{% macro duckdb__try_timestamp(text) -%}
    case
        when {{ personalize.matches(text, personalize.timestamp_pattern()) }}
            then try_cast({{ text }} as timestamp)
        when {{ personalize.matches(text, personalize.timestamp_pattern() ~ personalize.offset_pattern()) }}
            then try_cast(replace({{ text }}, ' +', '+') as timestamptz) at time zone 'UTC'
    end
{%- endmacro %}

{% macro snowflake__try_timestamp(text) -%}
    case
        when {{ personalize.matches(text, personalize.timestamp_pattern()) }}
            then {{ personalize.snowflake_utc(
                "replace(" ~ text ~ ", '/', '-') || case when " ~ text ~ " like '%:%' then '+00:00' else ' 00:00:00+00:00' end"
            ) }}
        when {{ personalize.matches(text, personalize.timestamp_pattern() ~ personalize.offset_pattern()) }}
            then {{ personalize.snowflake_utc("replace(replace(replace(" ~ text ~ ", '/', '-'), 'UTC', 'Z'), ' +', '+')") }}
    end
{%- endmacro %}

{#- Text with an offset as UTC; null if unreadable. The session's time zone has no part in it. -#}
{% macro snowflake_utc(text) -%}
    cast(convert_timezone('UTC', try_cast({{ text }} as timestamp_tz)) as timestamp_ntz)
{%- endmacro %}


{% macro timestamp_pattern() %}
    {%- do return(
        "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?)?"
    ) -%}
{% endmacro %}

{% macro offset_pattern() %}{% do return(" ?([zZ]|UTC|[+-][0-9]{2}(:?[0-9]{2})?)") %}{% endmacro %}


{#- true where the whole text matches the regular expression. -#}
{% macro matches(text, pattern) %}{{ return(adapter.dispatch("matches", "personalize")(text, pattern)) }}{% endmacro %}

{% macro default__matches(text, pattern) -%}
    {{ personalize.unsupported("matches") }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern | replace("'", "''") }}')
{%- endmacro %}

{% macro snowflake__matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern | replace("\\", "\\\\") | replace("'", "''") }}')
{%- endmacro %}


{#- Every match of the regular expression replaced. -#}
{% macro replace_all(text, pattern, replacement) %}
    {{ return(adapter.dispatch("replace_all", "personalize")(text, pattern, replacement)) }}
{% endmacro %}

{% macro default__replace_all(text, pattern, replacement) -%}
    {{ personalize.unsupported("replace_all") }}
{%- endmacro %}

{% macro duckdb__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern | replace("'", "''") }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro snowflake__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern | replace("\\", "\\\\") | replace("'", "''") }}', '{{ replacement }}')
{%- endmacro %}


{#- A text constant. Snowflake reads a backslash in one as an escape, DuckDB does not. -#}
{% macro text_literal(value) %}{{ return(adapter.dispatch("text_literal", "personalize")(value | string)) }}{% endmacro %}

{% macro default__text_literal(value) -%}
    {{ personalize.unsupported("text_literal") }}
{%- endmacro %}

{% macro duckdb__text_literal(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}

{% macro snowflake__text_literal(value) -%}
    '{{ value | replace("\\", "\\\\") | replace("'", "''") }}'
{%- endmacro %}


{#- SHA-256 as 64 lower-case hexadecimal characters. -#}
{% macro sha256_hex(text) %}{{ return(adapter.dispatch("sha256_hex", "personalize")(text)) }}{% endmacro %}

{% macro default__sha256_hex(text) -%}
    {{ personalize.unsupported("sha256_hex") }}
{%- endmacro %}

{% macro duckdb__sha256_hex(text) -%}
    sha256({{ text }})
{%- endmacro %}

{% macro snowflake__sha256_hex(text) -%}
    sha2({{ text }}, 256)
{%- endmacro %}


{#- A deterministic draw in [0, 1) from text: the first 32 bits of its MD5 over 2^32. -#}
{% macro unit_hash(text) %}{{ return(adapter.dispatch("unit_hash", "personalize")(text)) }}{% endmacro %}

{% macro default__unit_hash(text) -%}
    {{ personalize.unsupported("unit_hash") }}
{%- endmacro %}

{% macro duckdb__unit_hash(text) -%}
    (cast(('0x' || left(md5({{ text }}), 8)) as bigint) / cast(4294967296 as double))
{%- endmacro %}

{% macro snowflake__unit_hash(text) -%}
    ((
        {%- for place in range(1, 9) %}
        (position(substr(md5({{ text }}), {{ place }}, 1) in '0123456789abcdef') - 1) * {{ 16 ** (8 - place) }}{{ " +" if not loop.last }}
        {%- endfor %}
    ) / cast(4294967296 as float))
{%- endmacro %}


{#- A JSON object as text from {key: expression}; keys in alphabetical order, nulls kept. -#}
{% macro json_object_text(pairs) %}{{ return(adapter.dispatch("json_object_text", "personalize")(pairs)) }}{% endmacro %}

{% macro default__json_object_text(pairs) -%}
    {{ personalize.unsupported("json_object_text") }}
{%- endmacro %}

{% macro duckdb__json_object_text(pairs) -%}
    cast(json_object(
        {%- for key, value in pairs | dictsort %}
        '{{ key }}', {{ value }}{{ "," if not loop.last }}
        {%- endfor %}
    ) as varchar)
{%- endmacro %}

{% macro snowflake__json_object_text(pairs) -%}
    to_json(object_construct_keep_null(
        {%- for key, value in pairs | dictsort %}
        '{{ key }}', {{ value }}{{ "," if not loop.last }}
        {%- endfor %}
    ))
{%- endmacro %}


{#- Text that holds JSON, as a value that json_object_text nests instead of quoting. -#}
{% macro parsed_json(text) %}{{ return(adapter.dispatch("parsed_json", "personalize")(text)) }}{% endmacro %}

{% macro default__parsed_json(text) -%}
    {{ personalize.unsupported("parsed_json") }}
{%- endmacro %}

{% macro duckdb__parsed_json(text) -%}
    cast({{ text }} as json)
{%- endmacro %}

{% macro snowflake__parsed_json(text) -%}
    parse_json({{ text }})
{%- endmacro %}


{#- Aggregate: a JSON array as text of the values, in the given order; the values may be parsed_json. -#}
{% macro json_array_text(value, order_by) %}
    {{ return(adapter.dispatch("json_array_text", "personalize")(value, order_by)) }}
{% endmacro %}

{% macro default__json_array_text(value, order_by) -%}
    {{ personalize.unsupported("json_array_text") }}
{%- endmacro %}

{% macro duckdb__json_array_text(value, order_by) -%}
    cast(to_json(list({{ value }} order by {{ order_by }})) as varchar)
{%- endmacro %}

{% macro snowflake__json_array_text(value, order_by) -%}
    to_json(array_agg({{ value }}) within group (order by {{ order_by }}))
{%- endmacro %}


{#- One top-level value of a JSON object held in text, as text. -#}
{% macro json_value(text, key) %}{{ return(adapter.dispatch("json_value", "personalize")(text, key)) }}{% endmacro %}

{% macro default__json_value(text, key) -%}
    {{ personalize.unsupported("json_value") }}
{%- endmacro %}

{% macro duckdb__json_value(text, key) -%}
    json_extract_string({{ text }}, '$."{{ key }}"')
{%- endmacro %}

{% macro snowflake__json_value(text, key) -%}
    cast(get_path(parse_json({{ text }}), '{{ key }}') as varchar)
{%- endmacro %}


{#- A UTC timestamp as 2026-05-01T06:00:00.000000Z. -#}
{% macro iso_timestamp(value) %}{{ return(adapter.dispatch("iso_timestamp", "personalize")(value)) }}{% endmacro %}

{% macro default__iso_timestamp(value) -%}
    {{ personalize.unsupported("iso_timestamp") }}
{%- endmacro %}

{% macro duckdb__iso_timestamp(value) -%}
    strftime({{ value }}, '%Y-%m-%dT%H:%M:%S.%fZ')
{%- endmacro %}

{% macro snowflake__iso_timestamp(value) -%}
    to_char(cast({{ value }} as timestamp), 'YYYY-MM-DD"T"HH24:MI:SS.FF6') || 'Z'
{%- endmacro %}


{#- The later of two timestamps where either may be null. -#}
{% macro later_of(left, right) -%}
    greatest(coalesce({{ left }}, {{ right }}), coalesce({{ right }}, {{ left }}))
{%- endmacro %}


{#- The earlier of two timestamps where either may be null. -#}
{% macro earlier_of(left, right) -%}
    least(coalesce({{ left }}, {{ right }}), coalesce({{ right }}, {{ left }}))
{%- endmacro %}


{#- A 64-bit hash of several values as text, the same as long as none of them changes; quick, and no secret. -#}
{% macro fingerprint(values) -%}
    cast(hash({{ values | join(", ") }}) as varchar)
{%- endmacro %}


{#- Days from one timestamp to another, with fraction, as a double. -#}
{% macro days_between(earlier, later) -%}
    (cast({{ datediff(earlier, later, "second") }} as double) / 86400.0)
{%- endmacro %}


{% macro unsupported(name) %}
    {% do exceptions.raise_compiler_error(
        "personalize: macros/dialect has no " ~ name ~ " for the warehouse type '" ~ target.type ~ "'."
    ) %}
{% endmacro %}


{#- The length of text in UTF-8 bytes. -#}
{% macro byte_length(text) %}{{ return(adapter.dispatch("byte_length", "personalize")(text)) }}{% endmacro %}

{% macro default__byte_length(text) -%}
    {{ personalize.unsupported("byte_length") }}
{%- endmacro %}

{% macro duckdb__byte_length(text) -%}
    strlen({{ text }})
{%- endmacro %}

{% macro snowflake__byte_length(text) -%}
    octet_length({{ text }})
{%- endmacro %}


{#- A JSON array as text of some expressions; they may be parsed_json. -#}
{% macro json_list(values) %}{{ return(adapter.dispatch("json_list", "personalize")(values)) }}{% endmacro %}

{% macro default__json_list(values) -%}
    {{ personalize.unsupported("json_list") }}
{%- endmacro %}

{% macro duckdb__json_list(values) -%}
    cast(json_array({{ values | join(", ") }}) as varchar)
{%- endmacro %}

{% macro snowflake__json_list(values) -%}
    to_json(array_construct({{ values | join(", ") }}))
{%- endmacro %}


{#- Jaro-Winkler similarity of two texts in lower case, in whole percent. -#}
{% macro name_likeness(left, right) %}{{ return(adapter.dispatch("name_likeness", "personalize")(left, right)) }}{% endmacro %}

{% macro default__name_likeness(left, right) -%}
    {{ personalize.unsupported("name_likeness") }}
{%- endmacro %}

{% macro duckdb__name_likeness(left, right) -%}
    floor(jaro_winkler_similarity({{ left }}, {{ right }}) * 100)
{%- endmacro %}

{% macro snowflake__name_likeness(left, right) -%}
    jarowinkler_similarity({{ left }}, {{ right }})
{%- endmacro %}


{#- Levenshtein distance of two texts. -#}
{% macro edits_between(left, right) %}{{ return(adapter.dispatch("edits_between", "personalize")(left, right)) }}{% endmacro %}

{% macro default__edits_between(left, right) -%}
    {{ personalize.unsupported("edits_between") }}
{%- endmacro %}

{% macro duckdb__edits_between(left, right) -%}
    levenshtein({{ left }}, {{ right }})
{%- endmacro %}

{% macro snowflake__edits_between(left, right) -%}
    editdistance({{ left }}, {{ right }})
{%- endmacro %}
