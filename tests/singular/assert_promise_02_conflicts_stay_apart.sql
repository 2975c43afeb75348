-- Promise 2: no profile holds two accounts with different first names or birth dates.
select
    identity_map.profile_id,
    min(accounts.first_name) as one_first_name,
    max(accounts.first_name) as other_first_name,
    min(accounts.birth_date) as one_birth_date,
    max(accounts.birth_date) as other_birth_date
from {{ ref("int_personalize__identity_map") }} as identity_map
inner join {{ ref("int_personalize__accounts") }} as accounts
    on identity_map.identifier_type = 'account'
    and identity_map.identifier = accounts.account
group by identity_map.profile_id
having count(distinct accounts.first_name) > 1 or count(distinct accounts.birth_date) > 1
