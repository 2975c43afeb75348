{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["model", "decided_at"],
        on_schema_change="append_new_columns",
        full_refresh=false,
    )
}}

-- grain: one row per model and run (as_of) that decided about it
with

candidates as (

    select
        prediction as model,
        model_version,
        hyper_parameters,
        is_baseline,
        is_challenger,
        'log_loss' as metric,
        log_loss as value,
        log_loss as loss,
        true as is_proven
    from {{ ref("int_personalize__prediction_candidates") }}
    union all
    select
        model,
        model_version,
        hyper_parameters,
        is_baseline,
        is_challenger,
        metric,
        value,
        1 - value as loss,
        is_proven
    from {{ ref("int_personalize__recommendation_models") }}

),

last_in_use as (

    {% if is_incremental() -%}
    select
        model,
        hyper_parameters
    from {{ this }}
    where status <> 'fallback' and not is_rebuild and decided_at < {{ personalize.as_of() }}
    qualify row_number() over (partition by model order by decided_at desc) = 1
    {%- else -%}
    select
        cast(null as varchar) as model,
        cast(null as varchar) as hyper_parameters
    where false
    {%- endif %}

),

this_run as (

    select
        case
            when {{ personalize.is_latest_run() }} then false
            {%- if is_incremental() %}
            when
                exists (
                    select 1
                    from {{ this }} as decided
                    where decided.decided_at = {{ personalize.as_of() }}
                        and not decided.is_rebuild
                )
                then false
            {%- endif %}
            else true
        end as is_rebuild

),

compared as (

    select
        candidates.*,
        this_run.is_rebuild,
        last_in_use.model is not null as is_incumbent,
        max(case when candidates.is_baseline then candidates.value end)
            over (partition by candidates.model) as baseline_value,
        max(case when candidates.is_baseline then candidates.loss end)
            over (partition by candidates.model) as baseline_loss,
        max(case when candidates.is_challenger then candidates.value end)
            over (partition by candidates.model) as challenger_value
    from candidates
    cross join this_run
    left join last_in_use
        on candidates.model = last_in_use.model
        and candidates.hyper_parameters = last_in_use.hyper_parameters

)

select
    cast(model as varchar) as model,
    cast(model_version as varchar) as model_version,
    cast(hyper_parameters as varchar) as hyper_parameters,
    cast(
        case
            when is_baseline then 'fallback'
            when is_incumbent then 'kept'
            else 'champion'
        end as varchar
    ) as status,
    {{ personalize.as_of() }} as decided_at,
    cast(metric as varchar) as metric,
    cast(case when is_baseline then challenger_value else value end as double) as value,
    cast(baseline_value as double) as baseline_value,
    is_rebuild
from compared
where is_baseline
    or ((is_challenger or is_incumbent) and is_proven and loss < baseline_loss)
qualify row_number() over (
        partition by model
        order by is_baseline, loss, is_incumbent desc, model_version
    ) = 1
