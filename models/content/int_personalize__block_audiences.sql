-- grain: one row per profile, slot, rule and block of whose audience it is
-- depends_on: {{ ref("int_personalize__decision_facts") }}
{{ personalize.block_audience_rows() }}
