-- grain: one row per setting of this run
{%- set settings = personalize.default_settings() %}

{%- for name in settings %}
{%- set text = personalize.setting_text(name) | replace("'", "''") %}
select
    '{{ name }}' as name,
    {%- if name == "as_of" %}
    cast({{ personalize.as_of() }} as varchar) as value
    {%- else %}
    '{{ text }}' as value
    {%- endif %}
{{ "union all" if not loop.last }}
{%- endfor %}
