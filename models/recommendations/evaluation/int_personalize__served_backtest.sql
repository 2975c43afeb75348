-- grain: one row per person of the sample in the latest window that is over, rules included
{{ personalize.list_measures(ref("int_personalize__served_lists")) }}
