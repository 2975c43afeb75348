-- grain: one row per prediction: the model that scores it in this run, its terms side by side
select
    registry.model as prediction,
    registry.model_version,
    registry.status = 'fallback' as is_fallback,
    {{ personalize.term_value("calibration", "slope") }} as slope,
    {{ personalize.term_value("calibration", "intercept") }} as shift,
    {{ personalize.term_value("coefficient", "intercept") }} as intercept,
    {%- for feature in personalize.prediction_features() %}
    {%- for kind in ["mean", "scale", "coefficient"] %}
    {{ personalize.term_value(kind, feature) }} as {{ kind }}_{{ feature }},
    {%- endfor %}
    {%- endfor %}
    {{ personalize.term_value("bucket_rate", "any") }} as base_rate
from {{ ref("personalize__model_registry") }} as registry
inner join {{ ref("int_personalize__prediction_terms") }} as terms
    on registry.model = terms.prediction
    and registry.model_version = terms.model_version
where registry.decided_at = {{ personalize.as_of() }}
group by registry.model, registry.model_version, registry.status
