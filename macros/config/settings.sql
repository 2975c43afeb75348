{#- Every default of the package. A project changes one in its `vars:` (or --vars) under the same name. -#}
{% macro default_settings() %}
    {% do return({
        "as_of": none,
        "demo_as_of": "2026-05-01 06:00:00",
        "earliest_plausible_time": "1990-01-01 00:00:00",
        "event_lookback_days": none,

        "max_records_per_identifier": 10,
        "max_accounts_per_anonymous_id": 5,
        "match_likely_pairs": true,
        "match_probability_threshold": 0.95,
        "erase_likely_accounts": true,
        "match_max_records_per_block": 100,
        "match_max_pairs_per_record": 4,
        "match_sample_pairs": 300000,
        "match_training_pairs": 2000000,
        "match_parameters_days": 30,
        "max_accounts_per_person": 50,
        "external_id_source_system": none,
        "source_priority": [],

        "cancelled_order_statuses": ["cancelled", "canceled", "failed", "refunded", "voided"],
        "affinity_half_life_days": 30,
        "affinity_recent_days": 7,
        "affinity_recent_weight": 3.0,
        "machine_open_seconds": 2,
        "scanner_links_per_second": 3,

        "recommendations_per_profile": 12,
        "recommendation_strategies": [
            "replenishment", "discovery", "complement", "buy_again", "trending", "new_arrivals", "popular"
        ],
        "new_arrival_days": 30,
        "recommendation_buy_again_candidates": 60,
        "recommendation_popularity_weight": 0.3,
        "recommendation_repeat_discount": 0.8,
        "recommendation_discovery_place": 4,
        "recommendation_backtest_windows": 3,
        "recommendation_backtest_days": 14,
        "recommendation_backtest_profiles": 5000,
        "recommendation_min_evaluated_profiles": 50,
        "recommendation_ranker_min_hits": 100,
        "fairness_attributes": ["gender", "age", "country"],
        "exclude_bought_within_days": 30,
        "replenish_lead_days": 7,
        "replenishable_min_repeat_share": 0.2,
        "replenishable_min_buyers": 10,
        "replenishable_categories": [],
        "excluded_products": [],
        "excluded_categories": [],
        "similar_method": "graph",
        "similar_products_per_product": 100,
        "complement_method": "graph",
        "similar_min_common_profiles": 2,
        "similar_max_training_profiles": 500000,
        "profiles_per_part": 100000,
        "interaction_history_days": 365,
        "interaction_half_life_days": 90,
        "interactions_per_profile": 100,
        "popularity_days": 28,
        "embedding_dimensions": 32,
        "lookalike_min_seeds": 20,

        "prediction_horizon_days": 28,
        "prediction_training_windows": 3,
        "prediction_min_profiles": 200,
        "prediction_min_positives": 20,
        "prediction_max_training_profiles": 25000,
        "churn_risk_threshold": 0.6,
        "churn_active_days": 90,

        "soft_bounces_to_suppress": 3,
        "esp_deletion_log": none,

        "email_frequency_cap_per_week": 3,
        "cart_abandonment_hours": 24,
        "browse_abandonment_days": 7,
        "win_back_days": 90,
        "bought_lately_days": 14,
        "trigger_cooldown_days": 7,
        "still_shopping_hours": 1,
        "decision_history_days": 90,
        "new_customer_days": 30,
        "loyal_customer_orders": 3,
        "high_value_spend": 400,
        "journey_history_days": 180,
        "loyalty_tiers": ["bronze", "silver", "gold", "platinum"],
        "product_news_days": 7,
        "price_drop_share": 0.05,
        "tier_upgrade_days": 7,
        "subscription_change_days": 3,
        "post_purchase_days": 5,
        "unread_sends": 8,
        "block_purposes": ["greet", "sell", "remind", "inspire", "thank", "retain", "inform"],
        "message_choice": "priority",
        "message_goals": ["conversion", "retention", "relationship"],
        "premium_price_rank": 0.75,
        "quiet_hours": none,
        "default_timezone": "UTC",
        "email_frequency_cap_per_day": none,

        "holdout_share": 0.05,
        "experiment_seed": "personalize",
        "conversion_window_days": 14,

        "third_party_destinations": [],

        "publish_min_people": 10,
        "publish_epsilon": none,
        "publish_epsilon_total": 4.0,
        "publish_every_days": 30,
        "publish_max_cells_per_person": 5,

        "max_personal_facts": 4,
        "impersonal_reasons": ["recommended", "popular", "trending", "new_arrival", "in_stock", "featured"],

        "showcase_products": 4,
        "content_valid_hours": 48,
        "mail_markup_bytes": {"letter": 14000, "slot": 3500, "block": 2900},
        "locales": ["en", "de", "fr"],
        "default_locale": "en",
        "decimal_comma_locales": ["de", "fr"],
        "default_currency": "EUR",
        "shop_name": "Kettle & Bean" if target.profile_name == "personalize_demo" else "our shop",
        "shop_url": "https://shop.example",
        "email_sender": "news@shop.example",

        "personalize_esps": [
            "braze", "klaviyo", "iterable", "customerio", "sfmc", "hubspot", "sendgrid", "ses", "mailchimp", "postmark",
            "listmonk", "generic",
        ],

        "max_audience_drop": 0.3,
        "input_contract_version": none,
        "input_max_age_hours": {},
        "data_quality_severities": {},
        "anomaly_history_runs": 30,
        "anomaly_min_runs": 7,
        "anomaly_robust_z_score": 3.5,
        "watched_value_min_share": 0.01,
        "watched_value_min_rows": 500,
        "unusual_run_min_runs": 30,
        "unusual_run_max_runs": 120,
        "unusual_run_score": 0.6,
        "demo_seed": 20260501,
    }) %}
{% endmacro %}


{#- The value of one setting. An unknown name stops the run before anything is built. -#}
{% macro setting(name) %}
    {% set defaults = personalize.default_settings() %}
    {% if name not in defaults %}
        {% do exceptions.raise_compiler_error("personalize: there is no setting '" ~ name ~ "'.") %}
    {% endif %}
    {% do return(var(name, defaults[name])) %}
{% endmacro %}


{#- The instant the run speaks of, as a UTC timestamp literal. The only place that reads a clock. -#}
{% macro as_of() %}
    {% set configured = personalize.setting("as_of") %}
    {% if configured is none or configured | string | trim == "" %}
        {% if target.profile_name == "personalize_demo" %}
            {% set configured = personalize.setting("demo_as_of") %}
        {% else %}
            {% set configured = run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") %}
        {% endif %}
    {% endif %}
    {% do return("cast('" ~ personalize.plain_timestamp("as_of", configured | string) ~ "' as timestamp)") %}
{% endmacro %}


{#- 'YYYY-MM-DD[ HH:MM:SS[.f]]' (a T and a trailing Z are understood), or one clear sentence. -#}
{% macro plain_timestamp(name, value) %}
    {% set text = value.strip().replace("T", " ") %}
    {% set text = text[:-1] if text.endswith("Z") else text %}
    {% set text = text[:-6] if text.endswith("+00:00") else text %}
    {% if not modules.re.match("^\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?)?$", text) %}
        {% do exceptions.raise_compiler_error(
            "personalize: " ~ name ~ " is '" ~ value ~ "'; it must be a UTC time like 2026-05-01 06:00:00."
        ) %}
    {% endif %}
    {% if text | length == 10 %}{% set text = text ~ " 00:00:00" %}{% endif %}
    {% if text | length == 16 %}{% set text = text ~ ":00" %}{% endif %}
    {% if not personalize.is_on_the_calendar(text) %}
        {% do exceptions.raise_compiler_error(
            "personalize: " ~ name ~ " is '" ~ value ~ "'; there is no such day or time."
        ) %}
    {% endif %}
    {% do return(text) %}
{% endmacro %}


{#- Whether 'YYYY-MM-DD HH:MM:SS…' names a day and a time that exist. -#}
{% macro is_on_the_calendar(text) %}
    {% set year, month, day = text[:4] | int, text[5:7] | int, text[8:10] | int %}
    {% if year == 0 or year == 9999 or month not in range(1, 13) %}{% do return(false) %}{% endif %}
    {% set next_month = modules.datetime.date(year + month // 12, month % 12 + 1, 1) %}
    {% set last_day = (next_month - modules.datetime.timedelta(days=1)).day %}
    {% do return(
        day in range(1, last_day + 1)
        and text[11:13] | int < 24 and text[14:16] | int < 60 and text[17:19] | int < 60
    ) %}
{% endmacro %}


{#- A setting as text: JSON for lists and mappings, empty for none. -#}
{% macro setting_text(name) %}
    {% set value = personalize.setting(name) %}
    {% if value is none %}{% do return("") %}{% endif %}
    {% do return(value if value is string else tojson(value, sort_keys=true)) %}
{% endmacro %}


{#- Whether an expression is one of the values of a list setting. -#}
{% macro is_listed(expression, name) -%}
    {%- set values = personalize.setting(name) -%}
    {%- if values -%}
    {{ expression }} in (
        {%- for value in values %}'{{ value | string | replace("'", "''") }}'{{ ", " if not loop.last }}{% endfor -%}
    )
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}
