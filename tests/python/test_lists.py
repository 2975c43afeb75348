"""The lists that docs/recommendations_lists.md shows are what the ranker says of people."""

import re

from lists import PLACES, lists

SAID = """
    with people as (
        select profile_id, count(*) as events
        from int_personalize__interaction_days
        semi join (
            from int_personalize__recommendation_requests where window_number = 0
        ) using (profile_id)
        group by profile_id
        qualify row_number() over (partition by events order by profile_id) = 1
    )

    select people.events, products.title, printf('%.3f', ranked.chance)
    from int_personalize__ranker as ranked
    join int_personalize__recommendation_requests as asked using (window_number, profile_number)
    join people using (profile_id)
    join int_personalize__numbered_products as numbered using (product_number)
    join int_personalize__current_products as products using (product_id)
    where window_number = 0
"""


def test_a_list_shows_the_chances_of_the_ranker(demo):
    printed = lists(demo.database, [1, 5, 20])
    parts = re.split(r"\*\*(\d+) events?\*\*", printed)[1:]
    counts, tables = [int(count) for count in parts[::2]], parts[1::2]
    assert counts[0] == 1 and counts == sorted(counts) and len(counts) == 3
    said = set(demo.rows(SAID))
    for count, table in zip(counts, tables, strict=True):
        lines = re.findall(r"^\| (.+?) \| \w+ \| .*?\| ([\d.]+) \|$", table, re.M)
        assert len(lines) == PLACES
        assert len({title for title, _ in lines}) == PLACES
        assert {(count, title, chance) for title, chance in lines} <= said


def test_who_bought_nothing_is_said_to_have_bought_nothing(demo):
    assert "**1 event**, bought last: nothing.\n" in lists(demo.database, [1])
