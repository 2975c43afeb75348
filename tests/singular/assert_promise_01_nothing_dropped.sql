-- Promise 1: rows read = rows kept + rows rejected + rows later than as_of, for every input.
select
    source_table,
    rows_read,
    rows_kept,
    rows_rejected,
    rows_later
from {{ ref("int_personalize__row_counts") }}
where rows_read <> rows_kept + rows_rejected + rows_later
