{#- A shop's own titles may hold anything; the demo's hold nothing that looks unfinished. -#}
{{ config(enabled=target.profile_name == "personalize_demo") }}

{%- set texts = [
    "title", "subject", "headline", "body", "call_to_action", "reason_text", "image_alt",
] -%}
-- No text holds a brace of a token that nobody filled, the word null in a token's place, or a
-- greeting of nobody.
{%- for text in texts %}
select
    profile_id,
    slot,
    position,
    {{ text }} as unfinished_text
from {{ ref("personalize__content_blocks") }}
where {{ text }} like '%{{ "{" }}%'
    or {{ text }} like '%{{ "}" }}%'
    or {{ text }} like ',%'
    or {{ text }} like '% ,%'
    or {{ text }} like '%  %'
    or ' ' || lower({{ text }}) || ' ' like '% null %'
    or length({{ text }}) > 255
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
