-- grain: one row per block, locale and whether the reader's name is known
{{ personalize.block_library_rows() }}
