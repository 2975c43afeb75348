-- grain: one row per window: 0 is served, each further one looks back by the backtest's days
{%- set days = personalize.setting("recommendation_backtest_days") | int %}
{%- for number in range(personalize.setting("recommendation_backtest_windows") | int + 1) %}
select
    {{ number }} as window_number,
    {{ number * days }} as days_back,
    {{ (number - 1) * days }} as outcome_days_back,
    cast({{ dbt.dateadd("day", -number * days, personalize.as_of()) }} as timestamp) as cutoff_at,
    cast({{ dbt.dateadd("day", (1 - number) * days, personalize.as_of()) }} as timestamp)
        as outcome_until
{{ "union all" if not loop.last }}
{%- endfor %}
