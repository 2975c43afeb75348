-- grain: one row per reason code and locale
{{ personalize.reason_text_rows() }}
