-- grain: one row per prediction, candidate, kind and term
select
    cast(prediction as varchar) as prediction,
    cast(candidate as varchar) as candidate,
    cast(kind as varchar) as kind,
    cast(term as varchar) as term,
    cast(value as double) as value,
    cast(model_version as varchar) as model_version
from {{ ref("int_personalize__prediction_training") }}
