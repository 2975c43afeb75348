-- grain: one row per way of making lists, past window and person of the sample
{{ personalize.list_measures(ref("int_personalize__judged_lists")) }}
