{#-
    The slots of an e-mail, in the order in which they choose their products: no product is shown twice.
    positions: how many blocks it holds; is_list: a list in the payload, else one block; enabled: false leaves it out, with
    its blocks; image_width, image_height: how large its pictures are shown, in pixels (256 by 256 where not said).
    A project changes them with the variable personalize_slots, a dictionary by id; there is always a hero.
-#}
{% macro default_slots() %}
    {% do return({
        "header": {"positions": 1, "enabled": false},
        "hero": {"positions": 1, "image_width": 600, "image_height": 300},
        "offer": {"positions": 1, "enabled": false},
        "showcase": {"positions": {"setting": "showcase_products"}, "is_list": true},
        "reminder": {"positions": 1, "enabled": false},
        "story": {"positions": 1, "enabled": false},
        "footer": {"positions": 1},
    }) %}
{% endmacro %}


{#- {id: {positions, is_list}}, checked. -#}
{% macro slots() %}
    {% set declared = personalize.declarations(
        "slot", "personalize_slots", personalize.default_slots(),
        {"positions": true, "is_list": false, "enabled": false, "image_width": false, "image_height": false}
    ) %}
    {% if "hero" not in declared or declared["hero"].get("enabled", true) is false %}
        {% do personalize.refuse("slot hero", "is taken away, but it holds the subject of every e-mail") %}
    {% endif %}
    {% set checked = {} %}
    {% for id, slot in declared.items() %}
        {% set owner = "slot " ~ id %}
        {% set positions = personalize.setting_or_value(owner, slot.positions) %}
        {% set is_list = slot.get("is_list", false) %}
        {% if slot.get("enabled", true) is not boolean %}
            {% do personalize.refuse(owner, "has the value '" ~ slot.enabled ~ "' for enabled; it must be true or false") %}
        {% endif %}
        {% if positions is not integer or positions is boolean or positions < 1 %}
            {% do personalize.refuse(owner, "has '" ~ positions ~ "' positions; it must be a whole number from 1 up") %}
        {% elif positions > 1 and not is_list %}
            {% do personalize.refuse(owner, "has more than one position and must have is_list") %}
        {% endif %}
        {% for side in ["image_width", "image_height"] %}
            {% set pixels = slot.get(side, 256) %}
            {% if pixels is not integer or pixels is boolean or pixels < 1 %}
                {% do personalize.refuse(owner, "has the " ~ side ~ " '" ~ pixels ~ "'; it must be a whole number of pixels") %}
            {% endif %}
        {% endfor %}
        {% if slot.get("enabled", true) %}
            {% do checked.update({id: {
                "positions": positions, "is_list": is_list,
                "image_width": slot.get("image_width", 256), "image_height": slot.get("image_height", 256),
            }}) %}
        {% endif %}
    {% endfor %}
    {% do return(checked) %}
{% endmacro %}


{#- The image_width or image_height of the slot an expression names. -#}
{% macro slot_pixels(slot, side) -%}
    case {{ slot }}
        {%- for id, spec in personalize.slots().items() %}
        when '{{ id }}' then {{ spec[side] }}
        {%- endfor %}
    end
{%- endmacro %}
