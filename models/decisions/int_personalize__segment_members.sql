-- grain: one row per profile and segment it is in today
{{ personalize.members(ref("int_personalize__decision_facts"), personalize.segments()) }}
