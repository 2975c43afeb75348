-- An audience that shrinks by more than max_audience_drop stops the exports and leaves
-- yesterday's in place.
select
    as_of,
    audience_size,
    last_audience_size
from {{ ref("int_personalize__releases") }}
where as_of = {{ personalize.as_of() }}
    and not is_released
