{#- Normal forms of raw text. A project overrides that of an identifier by dispatch. -#}


{#- Text without blanks, tabs, line ends, no-break and zero-width spaces around it. -#}
{% macro trimmed(text) -%}
    trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8203) || chr(65279))
{%- endmacro %}


{#- The day of a date or time as it is written: no offset moves a birthday. -#}
{% macro date_as_written(text) -%}
    case
        when {{ personalize.try_timestamp(text) }} is not null
            then cast({{ personalize.try_timestamp("left(" ~ text ~ ", 10)") }} as date)
    end
{%- endmacro %}


{#- A decimal number with a point; null if it is none, or written with underscores, which only DuckDB reads. -#}
{% macro try_number(text) -%}
    try_cast(replace({{ text }}, '_', ' ') as decimal(18, 4))
{%- endmacro %}


{#- A number without a fraction, or null. -#}
{% macro try_whole_number(text) -%}
    case
        when {{ personalize.try_number(text) }} = floor({{ personalize.try_number(text) }})
            then cast({{ personalize.try_number(text) }} as bigint)
    end
{%- endmacro %}


{#- Raw text in lower case; null unless it has the form of an address that a mailbox can have (RFC 5321 lengths). -#}
{% macro normalized_email(text) %}{{ return(adapter.dispatch("normalized_email", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_email(text) -%}
    {%- set atom = '[^][[:space:][:cntrl:]@"(),:;<>.\\\\]+' -%}
    {%- set letter = "[^][:space:][:cntrl:][:punct:][:digit:]]" -%}
    {%- set sign = "[^][:space:][:cntrl:][:punct:]]" -%}
    {%- set domain = "(" ~ sign ~ "(-*" ~ sign ~ ")*[.])+" ~ letter ~ "(-*" ~ sign ~ ")+" -%}
    case
        when length({{ text }}) <= 254
            and length(split_part({{ text }}, '@', 1)) <= 64
            and {{ personalize.matches(text, atom ~ "([.]" ~ atom ~ ")*@" ~ domain) }}
            then lower({{ text }})
    end
{%- endmacro %}


{#-
    Digits, with a leading + where the number was written internationally (+49 (0)30 … and 0049 30 … are +4930…). Null
    where that leaves under 7 or over 15 digits (ITU-T E.164) or one digit over and over. A national number stays
    national: without its country nobody can tell what it is short for.
-#}
{% macro normalized_phone(text) %}{{ return(adapter.dispatch("normalized_phone", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_phone(text) -%}
    {%- set is_international = "(left(" ~ text ~ ", 1) = '+' or left(" ~ text ~ ", 2) = '00')" -%}
    {%- set written = "case when " ~ is_international ~ " then replace(" ~ text ~ ", '(0)', '') else " ~ text ~ " end" -%}
    {%- set digits = personalize.replace_all(written, "[^0-9]", "") -%}
    case
        when {{ personalize.matches(digits, "(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)") }} then null
        when {{ is_international }} and {{ personalize.matches(digits, "(00)?[1-9][0-9]{6,14}") }}
            then '+' || {{ personalize.replace_all(digits, "^00", "") }}
        when not {{ is_international }} and length({{ digits }}) between 7 and 15 then {{ digits }}
    end
{%- endmacro %}


{#- Lower case, without accents, punctuation or doubled spaces; null where nothing is left. -#}
{% macro normalized_name(text) %}{{ return(adapter.dispatch("normalized_name", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_name(text) -%}
    {%- set variants = {
        "a": "áàâäãåāăąæạảấầẩẫậắằẳẵặ", "c": "çćĉċč", "d": "ďđð", "e": "éèêëēĕėęěẹẻẽếềểễệ", "g": "ĝğġģ", "h": "ĥħ",
        "i": "íìîïĩīĭįıỉị", "j": "ĵ",
        "k": "ķ", "l": "ĺļľł", "n": "ñńņň", "o": "óòôöõøōŏőœọỏốồổỗộơớờởỡợ", "r": "ŕŗř",
        "s": "śŝşšșß", "t": "ţťțþ", "u": "úùûüũūŭůűųụủưứừửữự",
        "w": "ŵ", "y": "ýÿŷỳỵỷỹ", "z": "źżž", " ": "’‘ʼ´–—",
        "α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊΐ", "ο": "ό", "υ": "ύϋΰ", "ω": "ώ", "σ": "ς",
        "е": "ё", "ا": "أإآ", "ه": "ة", "ي": "ى",
    } -%}
    {%- set combining_marks = [768, 769, 770, 771, 772, 774, 775, 776, 778, 779, 780, 807, 808] -%}
    {%- set plain = [] -%}
    {%- for letter, accented in variants.items() -%}{%- do plain.append(letter * (accented | length)) -%}{%- endfor -%}
    {%- set letters = "translate(lower(" ~ text ~ "), '" ~ variants.values() | join ~ "' || chr(160) || chr("
        ~ combining_marks | join(") || chr(") ~ "), '" ~ plain | join ~ " ')" -%}
    nullif(trim({{ personalize.replace_all(letters, "[[:punct:][:space:]]+", " ") }}), '')
{%- endmacro %}


{#- An address in the normal form of names. -#}
{% macro normalized_address(text) %}{{ return(adapter.dispatch("normalized_address", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_address(text) -%}
    {{ personalize.normalized_name(text) }}
{%- endmacro %}


{#- A postcode, an account number or a date: its letters and digits, in lower case; null where nothing is left. -#}
{% macro normalized_code(text) %}{{ return(adapter.dispatch("normalized_code", "personalize")(text)) }}{% endmacro %}

{% macro default__normalized_code(text) -%}
    nullif({{ personalize.replace_all("lower(" ~ text ~ ")", "[^[:alnum:]]", "") }}, '')
{%- endmacro %}
