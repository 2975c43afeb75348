{#-
    The input contract: one entry per table of the source personalize_raw, in the order a customer meets them.
    Each column is [type, is_required] or, for an enumeration, ["enum", is_required, [values]].
    key: what identifies a row. time: when it happened. versioned: several versions of a key are welcome.
    names_person: a row that names nobody cannot be used. strictest: among duplicate ids this order decides.
    as_written: columns that are kept as text too, as <column>_as_written.
    watched: columns of few values; those of enumerations and source systems are watched anyway.
    batched: event_lookback_days may keep it from being read in full every time.
-#}
{% macro input_contract() %}
    {% set contract = {
        "customers": {
            "required": true,
            "key": ["source_system", "source_customer_id"],
            "time": "updated_at",
            "versioned": true,
            "as_written": ["birth_date"],
            "watched": ["country", "language"],
            "columns": {
                "source_system": ["text", true],
                "source_customer_id": ["text", true],
                "email": ["email", false],
                "phone": ["text", false],
                "first_name": ["text", false],
                "last_name": ["text", false],
                "birth_date": ["date", false],
                "gender": ["text", false],
                "address": ["text", false],
                "city": ["text", false],
                "region": ["text", false],
                "postal_code": ["text", false],
                "country": ["text", false],
                "language": ["text", false],
                "timezone": ["text", false],
                "loyalty_tier": ["text", false],
                "created_at": ["timestamp", false],
                "updated_at": ["timestamp", true],
            },
        },
        "products": {
            "required": true,
            "key": ["product_id"],
            "time": "updated_at",
            "versioned": true,
            "columns": {
                "product_id": ["text", true],
                "title": ["text", true],
                "description": ["text", false],
                "brand": ["text", false],
                "category": ["text", false],
                "subcategory": ["text", false],
                "price": ["number", false],
                "currency": ["text", false],
                "url": ["text", false],
                "image_url": ["text", false],
                "is_available": ["boolean", false],
                "created_at": ["timestamp", false],
                "updated_at": ["timestamp", false],
            },
        },
        "orders": {
            "key": ["order_id"],
            "time": "ordered_at",
            "kept_when_erased": ["order_id"],
            "watched": ["status", "currency"],
            "columns": {
                "order_id": ["text", true],
                "source_system": ["text", false],
                "source_customer_id": ["text", false],
                "email": ["email", false],
                "ordered_at": ["timestamp", true],
                "status": ["text", false],
                "currency": ["text", false],
                "total_amount": ["number", false],
            },
        },
        "order_lines": {
            "key": ["order_id", "line_number"],
            "parent": {"input": "orders", "column": "order_id"},
            "columns": {
                "order_id": ["text", true],
                "line_number": ["integer", true],
                "product_id": ["text", true],
                "quantity": ["number", true],
                "unit_price": ["number", false],
                "discount_amount": ["number", false],
            },
        },
        "web_events": {
            "key": ["event_id"],
            "time": "occurred_at",
            "batched": true,
            "columns": {
                "event_id": ["text", true],
                "occurred_at": ["timestamp", true],
                "event_type": ["enum", true, [
                    "page_view", "product_view", "category_view", "search", "add_to_cart",
                    "remove_from_cart", "checkout_start", "purchase", "other",
                ]],
                "anonymous_id": ["text", false],
                "source_system": ["text", false],
                "source_customer_id": ["text", false],
                "email": ["email", false],
                "session_id": ["text", false],
                "product_id": ["text", false],
                "category": ["text", false],
                "search_query": ["text", false],
                "url": ["text", false],
                "user_agent": ["text", false],
            },
        },
        "email_events": {
            "key": ["event_id"],
            "time": "occurred_at",
            "batched": true,
            "names_person": true,
            "strictest": ["event_type", ["complaint", "unsubscribe", "hard_bounce"]],
            "columns": {
                "event_id": ["text", true],
                "occurred_at": ["timestamp", true],
                "event_type": ["enum", true, [
                    "send", "delivered", "open", "click", "hard_bounce", "soft_bounce",
                    "complaint", "unsubscribe",
                ]],
                "email": ["email", true],
                "campaign_id": ["text", false],
                "message_id": ["text", false],
                "experiment_id": ["text", false],
                "variant_id": ["text", false],
                "product_id": ["text", false],
                "slot": ["text", false],
                "url": ["text", false],
                "user_agent": ["text", false],
            },
        },
        "consent_events": {
            "key": ["event_id"],
            "time": "occurred_at",
            "names_person": true,
            "strictest": ["status", ["withdrawn", "denied", "expired", "pending", "granted", "confirmed"]],
            "columns": {
                "event_id": ["text", true],
                "occurred_at": ["timestamp", true],
                "recorded_at": ["timestamp", false],
                "email": ["email", false],
                "source_system": ["text", false],
                "source_customer_id": ["text", false],
                "channel": ["lower", true],
                "purpose": ["enum", true, ["marketing", "personalization", "third_party_data"]],
                "status": ["enum", true, [
                    "granted", "denied", "withdrawn", "pending", "confirmed", "expired",
                ]],
                "lawful_basis": ["text", false],
                "collected_via": ["text", false],
                "notice_version": ["text", false],
                "jurisdiction": ["text", false],
                "expires_at": ["timestamp", false],
                "tcf_string": ["text", false],
                "gpc": ["boolean", false],
            },
        },
        "privacy_requests": {
            "key": ["request_id"],
            "time": "requested_at",
            "names_person": true,
            "strictest": ["request_type", [
                "erasure", "restriction", "objection", "opt_out_of_sale", "access",
            ]],
            "columns": {
                "request_id": ["text", true],
                "requested_at": ["timestamp", true],
                "request_type": ["enum", true, [
                    "erasure", "access", "restriction", "objection", "opt_out_of_sale",
                ]],
                "email": ["email", false],
                "source_system": ["text", false],
                "source_customer_id": ["text", false],
            },
        },
        "audience_segments": {
            "key": ["provider", "segment", "email", "source_system", "source_customer_id", "valid_from"],
            "time": "valid_from",
            "names_person": true,
            "columns": {
                "provider": ["text", true],
                "segment": ["text", true],
                "email": ["email", false],
                "source_system": ["text", false],
                "source_customer_id": ["text", false],
                "score": ["number", false],
                "valid_from": ["timestamp", false],
                "valid_to": ["timestamp", false],
            },
        },
        "order_control_totals": {
            "key": ["source_system", "order_date"],
            "time": "order_date",
            "columns": {
                "source_system": ["text", true],
                "order_date": ["date", true],
                "order_count": ["integer", true],
                "total_amount": ["number", true],
            },
        },
    } %}
    {% for column in personalize.customer_columns() %}
        {% do contract.customers.columns.update({column: ["text", false]}) %}
    {% endfor %}
    {% do return(contract) %}
{% endmacro %}


{#-
    The relation an input is read from: the variable personalize_<input> (any expression that gives a relation,
    for instance a ref), the demo seed in this checkout, else the source personalize_raw.<input>.
    none: the project has no such table.
-#}
{% macro input_relation(input) %}
    {% set mapped = var("personalize_" ~ input, "") %}
    {% if mapped is none or mapped | string | lower == "absent" %}
        {% if personalize.input_contract()[input].get("required") %}
            {% do exceptions.raise_compiler_error("personalize: the input table " ~ input ~ " is required.") %}
        {% endif %}
        {% do return(none) %}
    {% elif mapped | string | trim != "" %}
        {% do return(mapped) %}
    {% elif target.profile_name == "personalize_demo" %}
        {% do return(ref("personalize", "demo_" ~ input)) %}
    {% endif %}
    {% do return(source("personalize_raw", input)) %}
{% endmacro %}


{#-
    The expression an input column is read with. personalize_columns.<input> is either {column: expression or absent},
    with every other column under its own name, or the list of the columns that there are.
    null: the project has no such column.
-#}
{% macro input_column(input, column) %}
    {% set columns = personalize.input_contract()[input].columns %}
    {% set mapped = (var("personalize_columns", {}) or {}).get(input, {}) %}
    {% for name in mapped if name not in columns %}
        {% do exceptions.raise_compiler_error(
            "personalize: personalize_columns." ~ input ~ " names '" ~ name ~ "', which is not a column of this input."
        ) %}
    {% endfor %}
    {% if mapped is mapping %}
        {% set expression = mapped.get(column, column) %}
    {% else %}
        {% set expression = column if column in mapped else none %}
    {% endif %}
    {% if expression is none or expression | string | lower == "absent" %}
        {% if columns[column][1] %}
            {% do exceptions.raise_compiler_error(
                "personalize: the column " ~ input ~ "." ~ column ~ " is required and cannot be absent."
            ) %}
        {% endif %}
        {% do return("null") %}
    {% endif %}
    {% do return(expression) %}
{% endmacro %}
