-- grain: one row per rule that belongs to a group
{{ personalize.rule_group_rows() }}
