{%- set inputs = personalize.input_contract().keys() | list %}
-- grain: one row per rejected row of an input
{%- for input in inputs %}
select
    cast('{{ input }}' as varchar) as source_table,
    cast(record_id as varchar) as source_record_id,
    cast(reject_reason as varchar) as reason,
    cast(row_json as varchar) as row_json
from {{ ref("int_personalize__checked_" ~ input) }}
where row_status = 'rejected'
{{ "union all" if not loop.last }}
{%- endfor %}
