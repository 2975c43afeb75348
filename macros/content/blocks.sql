{#- The block library, checked: {id: {slot, when, product, strategy, reason, needs_personalization, fallback, variant_of, purpose,
    audience, texts}}. -#}
{% macro blocks() %}
    {% set texts = personalize.block_texts() %}
    {% set declared = personalize.complete_variants(personalize.declarations(
        "block", "personalize_blocks", personalize.default_blocks(), {
            "slot": false, "when": false, "product": false, "strategy": false, "reason": false,
            "needs_personalization": false, "fallback": false, "variant_of": false,
            "purpose": false, "audience": false,
            "subject": false, "headline": false, "body": false, "call_to_action": false,
        }, texts
    )) %}
    {% set slots = personalize.slots() %}
    {% set rules = ["default"] + personalize.message_rules().keys() | list %}
    {% set reasons, tokens = personalize.reasons(), personalize.tokens() %}
    {% set compiled = {} %}
    {% for id, block in declared.items() if block.get("slot") in slots or block.get("slot") not in personalize.default_slots() %}
        {% set owner = "block " ~ id %}
        {% set product = block.get("product", "none") %}
        {% set needs = block.get("needs_personalization", product in ["trigger", "recommendation"]) %}
        {% do personalize.check_choice(owner, "slot", block.get("slot"), slots) %}
        {% do personalize.check_choice(owner, "product", product, ["trigger", "recommendation", "popular", "none"]) %}
        {% if block.get("strategy") is not none and product != "recommendation" %}
            {% do personalize.refuse(owner, "names a strategy but does not show a recommendation") %}
        {% elif block.get("strategy") is not none %}
            {% do personalize.check_choice(owner, "strategy", block.strategy, ["best"] + personalize.known_strategies()) %}
        {% endif %}
        {% if block.get("reason") is not none %}
            {% do personalize.check_choice(owner, "reason", block.reason, reasons) %}
        {% endif %}
        {% if needs is not boolean %}
            {% do personalize.refuse(owner, "has the needs_personalization '" ~ needs ~ "'; it must be true or false") %}
        {% elif product in ["trigger", "recommendation"] and not needs %}
            {% do personalize.refuse(owner, "shows the product of a " ~ product ~ " and cannot do without permission") %}
        {% endif %}
        {% do personalize.check_when(owner, block.get("when", []), rules) %}
        {% if block.get("purpose") is not none %}
            {% do personalize.check_choice(owner, "purpose", block.purpose, personalize.setting("block_purposes")) %}
        {% endif %}
        {% if block.get("audience") is not none and not block.get("when") %}
            {% do personalize.refuse(owner, "has an audience but no 'when'") %}
        {% endif %}
        {% do compiled.update({id: {
            "slot": block.slot,
            "when": block.get("when", []),
            "product": product,
            "strategy": block.get("strategy", "best") if product == "recommendation" else none,
            "reason": block.get("reason"),
            "needs_personalization": needs,
            "fallback": block.get("fallback"),
            "variant_of": block.get("variant_of"),
            "purpose": block.get("purpose"),
            "audience": personalize.compile_condition(owner, block.audience) if block.get("audience") is not none else none,
            "texts": personalize.texts_of_block(owner, block, product, tokens),
        }}) %}
    {% endfor %}
    {% do personalize.check_choices(compiled, slots) %}
    {% for id in compiled %}
        {% do personalize.block_ladder(compiled, id) %}
    {% endfor %}
    {% do return(compiled) %}
{% endmacro %}


{% macro block_texts() %}
    {% do return(["subject", "headline", "body", "call_to_action"]) %}
{% endmacro %}


{#- A variant with what it inherits from its original. -#}
{% macro complete_variants(declared) %}
    {% set completed = {} %}
    {% for id, block in declared.items() %}
        {% set original = block.get("variant_of") %}
        {% if original is none %}
            {% do completed.update({id: block}) %}
        {% else %}
            {% do personalize.check_choice("block " ~ id, "variant_of", original, declared) %}
            {% if declared[original].get("variant_of") is not none %}
                {% do personalize.refuse("block " ~ id, "is a variant of '" ~ original ~ "', which is a variant itself") %}
            {% elif "when" in block or "slot" in block %}
                {% do personalize.refuse("block " ~ id, "is a variant and takes slot and when from '" ~ original ~ "'") %}
            {% endif %}
            {% do completed.update({id: personalize.merged(declared[original], block, personalize.block_texts())}) %}
        {% endif %}
    {% endfor %}
    {% do return(completed) %}
{% endmacro %}


{% macro check_choice(owner, key, value, known) %}
    {% if value is not string or value not in known %}
        {% do personalize.refuse(owner, "has the unknown " ~ key ~ " '" ~ value ~ "'" ~ personalize.hint(value, known)) %}
    {% endif %}
{% endmacro %}


{#- A block's `when` lists triggers, stages of journeys (those of ours that a project took away may stay) or "default". -#}
{% macro check_when(owner, when, rules) %}
    {% if when is string or when is mapping or when is not iterable %}
        {% do personalize.refuse(owner, "has a 'when' that is not a list of triggers") %}
    {% endif %}
    {% for rule in when if rule not in personalize.default_rules() %}
        {% do personalize.check_choice(owner, "trigger", rule, rules) %}
    {% endfor %}
{% endmacro %}


{#- The texts of a block as {key: {locale: text}}; a headline is needed, a subject only in the hero. -#}
{% macro texts_of_block(owner, block, product, tokens) %}
    {% set about = ["shop", "person", "fact"] + (["product"] if product != "none" else []) %}
    {% if block.get("headline") is none %}
        {% do personalize.refuse(owner, "has no headline") %}
    {% elif (block.get("subject") is none) == (block.slot == "hero") %}
        {% do personalize.refuse(owner, "has " ~ ("no" if block.slot == "hero" else "a") ~ " subject; only a hero has one") %}
    {% endif %}
    {% set texts = {} %}
    {% for key in personalize.block_texts() %}
        {% set text = block.get(key, "") %}
        {% do texts.update({key: personalize.localised_text(owner, key, text, about, tokens)}) %}
    {% endfor %}
    {% do return(texts) %}
{% endmacro %}


{#- Every slot has one default block, which also stands for triggers without their own, and no two blocks are for the same. -#}
{% macro check_choices(blocks, slots) %}
    {% set chosen = {} %}
    {% for id, block in blocks.items() if block.variant_of is none and block.audience is none %}
        {% for rule in block.when %}
            {% set place = block.slot ~ " for " ~ rule %}
            {% if place in chosen %}
                {% do personalize.refuse("block " ~ id, "is the " ~ place ~ ", and so is block '" ~ chosen[place] ~ "'") %}
            {% endif %}
            {% do chosen.update({place: id}) %}
        {% endfor %}
    {% endfor %}
    {% for slot in slots if slot ~ " for default" not in chosen %}
        {% do personalize.refuse("slot " ~ slot, "has no block with \"default\" in its 'when'") %}
    {% endfor %}
{% endmacro %}


{#- A block and what takes its place, in order. The chain ends, and ends in a block that suits everybody. -#}
{% macro block_ladder(blocks, id) %}
    {% set ladder = [id] %}
    {% for _ in blocks if blocks[ladder[-1]].fallback is not none %}
        {% set owner = "block " ~ ladder[-1] %}
        {% set fallback = blocks[ladder[-1]].fallback %}
        {% do personalize.check_choice(owner, "fallback", fallback, blocks) %}
        {% if fallback in ladder %}
            {% do personalize.refuse(owner, "falls back in a circle: " ~ (ladder + [fallback]) | join(" > ")) %}
        {% elif blocks[fallback].slot != blocks[id].slot %}
            {% do personalize.refuse(owner, "falls back to '" ~ fallback ~ "', which is a block of another slot") %}
        {% endif %}
        {% do ladder.append(fallback) %}
    {% endfor %}
    {% set last = blocks[ladder[-1]] %}
    {% if last.product != "none" or last.needs_personalization %}
        {% do personalize.refuse(
            "block " ~ ladder[-1], "ends a chain of fallbacks but does not suit everybody; give it a fallback without a product"
        ) %}
    {% endif %}
    {% do return(ladder) %}
{% endmacro %}


{#- What experiments put in a block's place: [{experiment, variation, slot, block, original, starts_at, ends_at}], checked. -#}
{% macro block_variants() %}
    {% set blocks = personalize.blocks() %}
    {% set variants = [] %}
    {% for id, experiment in personalize.experiments().items() if experiment.enabled %}
        {% for variation, by_slot in experiment.blocks.items() %}
            {% for slot, block in by_slot.items() %}
                {% set owner = "experiment " ~ id ~ ", variation " ~ variation ~ "," %}
                {% do personalize.check_choice(owner, "slot", slot, personalize.slots()) %}
                {% do personalize.check_choice(owner, "block", block, blocks) %}
                {% if blocks[block].slot != slot %}
                    {% do personalize.refuse(owner, "puts the block '" ~ block ~ "' in the " ~ slot ~ ", but it belongs in the " ~ blocks[block].slot) %}
                {% elif blocks[block].variant_of is none %}
                    {% do personalize.refuse(owner, "shows the block '" ~ block ~ "', which is not a variant_of another") %}
                {% endif %}
                {% for other in variants if other.original == blocks[block].variant_of and other.experiment != id %}
                    {% do personalize.refuse(owner, "varies the block '" ~ other.original ~ "', and so does the experiment '" ~ other.experiment ~ "'") %}
                {% endfor %}
                {% do variants.append({
                    "experiment": id, "variation": variation, "slot": slot, "block": block,
                    "original": blocks[block].variant_of,
                    "starts_at": experiment.starts_at, "ends_at": experiment.ends_at,
                }) %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
    {% do return(variants) %}
{% endmacro %}
