-- grain: one row per slot and trigger that has a block of its own there, and per slot its default
{{ personalize.block_choice_rows() }}
