"""make explain tells a rule's SQL, whom it hits and what holds it back, with names masked."""

import shutil
from pathlib import Path

import pytest
from common import Refusal
from conftest import Demo
from explain import explained


@pytest.fixture(scope="module")
def shop(demo, tmp_path_factory):
    """A copy of the demo shop: dbt asks for the database alone."""
    return Demo(Path(shutil.copy(demo.database, tmp_path_factory.mktemp("explained"))))


def told(shop, rule, pii=False, **variables):
    return explained(rule, shop.database, variables, pii, profile="personalize_demo")


def test_a_trigger_and_what_suppresses_it(shop):
    lines = told(shop, "cart_abandonment")
    hits = shop.rows(
        "select coalesce(suppressed_by, outcome), count(*) from personalize__triggers"
        " where rule_id = 'cart_abandonment' group by 1"
    )
    assert lines[0] == "trigger cart_abandonment: Put a product in the cart and did not buy it"
    assert "  when:  coalesce((hours_since_cart <= 24), false)" in lines
    assert "  guard still_shopping:  coalesce((hours_since_visit < 1), false)" in lines
    assert f"It hits {sum(number for _, number in hits)} people today." in lines
    for fate, number in hits:
        words = "won" if fate == "won" else f"suppressed by {fate}"
        assert f"  {words}: {number}" in lines


def test_names_are_masked_unless_asked_for(shop):
    names = shop.rows(
        "select first_name, email from personalize__triggers inner join personalize__profiles"
        " using (profile_id) where rule_id = 'cart_abandonment' and email is not null"
    )
    masked, open_to_all = told(shop, "cart_abandonment"), told(shop, "cart_abandonment", pii=True)
    for name, address in names:
        assert address not in "\n".join(masked)
        assert any(address in line and name in line for line in open_to_all)


def test_a_rule_that_was_never_built(shop):
    mine = {"when": {"column": "order_count", "operator": ">=", "value": 1}, "priority": 99}
    lines = told(shop, "mine", personalize_triggers={"mine": mine})
    customers = shop.rows(
        "select count(*) from int_personalize__decision_facts where order_count >= 1"
    )
    assert f"It hits {customers[0][0]} people today." in lines
    assert any(line.startswith("  not decided yet: ") for line in lines)


def test_a_segment_a_journey_and_a_stage(shop):
    members = shop.rows(
        "select count(*) from personalize__segments where segment_id = 'loyal_customers'"
    )
    assert f"It hits {members[0][0]} people today." in told(shop, "loyal_customers")
    journey = told(shop, "welcome")
    assert any("stages hello > story > favourites" in line for line in journey)
    assert "  hello to favourites:  coalesce((clicks_in_stage >= 1), false)" in journey
    stage = told(shop, "win_back.last_call")
    waiting = shop.rows(
        "select count(*) from personalize__journey_states"
        " where journey_id = 'win_back' and stage = 'last_call' and exit_reason is null"
    )
    assert f"It hits {waiting[0][0]} people today." in stage


def test_a_misspelt_rule_is_named(shop):
    with pytest.raises(
        Refusal, match=r"'cart_abandonmet', which is no segment.*'cart_abandonment'"
    ):
        told(shop, "cart_abandonmet")
