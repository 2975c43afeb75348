-- grain: one row per rule
{{ personalize.rule_goal_rows() }}
