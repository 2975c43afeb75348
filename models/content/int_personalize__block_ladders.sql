-- grain: one row per block, kind of reader and step of its fallback chain
{{ personalize.block_ladder_rows() }}
