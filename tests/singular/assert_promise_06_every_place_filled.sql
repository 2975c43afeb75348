-- Promise 6: every place of every e-mail shows something: a headline, a link and, in the hero,
-- a subject.
with

places as (

    {{ personalize.slot_position_rows() | indent(4) }}

)

select
    readers.profile_id,
    places.slot,
    places.position
from {{ ref("int_personalize__mailable_profiles") }} as readers
cross join places
left join {{ ref("personalize__content_blocks") }} as blocks
    on readers.profile_id = blocks.profile_id
    and places.slot = blocks.slot
    and places.position = blocks.position
where blocks.profile_id is null
    or trim(blocks.title) = ''
    or trim(blocks.headline) = ''
    or trim(blocks.url) = ''
    or (places.slot = 'hero' and coalesce(trim(blocks.subject), '') = '')
