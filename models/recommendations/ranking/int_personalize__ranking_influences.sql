-- grain: one row per feature of the ranker and per group of them
select
    cast(
        case
            when kind = 'group' then 'ndcg_lost_without_' else 'ndcg_lost_by_shuffling_'
        end || name as varchar
    ) as metric,
    cast(lost as double) as value,
    cast(lost_low as double) as value_low,
    cast(lost_high as double) as value_high,
    cast(ndcg as double) as ndcg,
    cast(observations as bigint) as observations
from {{ ref("int_personalize__ranker_influences") }}
