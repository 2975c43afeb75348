{%- set slots = personalize.slots() %}
{%- set fields = personalize.letter_fields() %}
-- grain: one row per person in the audience, with the whole letter as the platforms read it
with

filled_slots as (

    select
        profile_id,
        slot,
        max(case when position = 1 then block end) as first_block,
        {{ personalize.json_array_text(personalize.parsed_json("block"), "position") }}
            as all_blocks,
        max(longest_text) as longest_text,
        sum(mail_bytes) + case
            when slot in ('hero', 'footer') then 0
            else {{ personalize.mail_markup_bytes("slot") }}
        end as mail_bytes
    from {{ ref("int_personalize__letter_blocks") }}
    group by profile_id, slot

),

slots_by_person as (

    select
        profile_id,
        {%- for slot, spec in slots.items() %}
        max(
            case
                when slot = '{{ slot }}' then {{ "all_blocks" if spec.is_list else "first_block" }}
            end
        ) as {{ slot }}_blocks,
        {%- endfor %}
        max(longest_text) as longest_text,
        sum(mail_bytes) as mail_bytes
    from filled_slots
    group by profile_id

),

heroes as (

    select
        profile_id,
        coalesce(rule_id, 'regular') as rule_id,
        coalesce(subject, '') as subject,
        coalesce(case when headline = subject then body else headline end, '') as preheader
    from {{ ref("personalize__content_blocks") }}
    where slot = 'hero'

),

experiments as (

    select
        profile_id,
        max(experiment_id) as experiment_id,
        max(variant_id) as variant_id
    from {{ ref("personalize__content_blocks") }}
    group by profile_id

),

letters as (

    select
        candidates.external_id,
        candidates.profile_id,
        candidates.email,
        coalesce(readers.first_name, '') as first_name,
        readers.locale,
        case when {{ personalize.is_right_to_left("readers.locale") }} then 'rtl' else 'ltr' end
            as direction,
        case when {{ personalize.is_right_to_left("readers.locale") }} then 'right' else 'left' end
            as align,
        heroes.rule_id,
        heroes.subject,
        heroes.preheader,
        {{ personalize.letter_word("preferences", "readers.locale") }} as preferences_text,
        {{ personalize.letter_word("unsubscribe", "readers.locale") }} as unsubscribe_text,
        clocks.timezone,
        {{ personalize.quiet_hour("from") }} as quiet_from,
        {{ personalize.quiet_hour("to") }} as quiet_until,
        coalesce({{ personalize.iso_timestamp(personalize.rule_end("heroes.rule_id")) }}, '')
            as valid_until,
        clocks.send_not_before,
        experiments.experiment_id,
        experiments.variant_id,
        {%- for slot in slots %}
        slots_by_person.{{ slot }}_blocks,
        {%- endfor %}
        slots_by_person.longest_text,
        slots_by_person.mail_bytes
    from {{ ref("int_personalize__audience_candidates") }} as candidates
    inner join {{ ref("int_personalize__mailable_profiles") }} as readers
        on candidates.profile_id = readers.profile_id
    inner join {{ ref("int_personalize__quiet_hours") }} as clocks
        on candidates.profile_id = clocks.profile_id
    inner join heroes
        on candidates.profile_id = heroes.profile_id
    inner join slots_by_person
        on candidates.profile_id = slots_by_person.profile_id
    left join experiments
        on candidates.profile_id = experiments.profile_id

),

written as (

    select
        letters.*,
        {{ personalize.json_object_text(personalize.letter_pairs()) }} as letter
    from letters

)

select
    external_id,
    profile_id,
    email,
    {%- for field in fields %}
    {{ field }},
    {%- endfor %}
    experiment_id,
    variant_id,
    send_not_before,
    letter,
    {{ personalize.sha256_hex(
        "external_id || email || letter || coalesce(experiment_id, '') || coalesce(variant_id, '')"
    ) }} as content_hash,
    greatest(longest_text, length(email), length(subject), length(preheader)) as longest_text,
    mail_bytes
    + {{ personalize.mail_markup_bytes("letter") }}
    + {{ personalize.html_bytes("(subject || preheader || preferences_text || unsubscribe_text)") }}
        as mail_bytes
from written
