-- grain: one row per rule that holds in some e-mails only and trigger of those
{{ personalize.rule_campaign_rows() }}
