"""Whatever a project misspells in a rule, segment or block stops the run, named in one sentence."""

import json
import re

import pytest
import yaml
from common import ROOT
from dbt.cli.main import dbtRunner
from dbt_process import dbt

COLUMN = {"column": "order_count", "operator": ">", "value": 1}


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """Calls a macro of the package with dbt variables; gives the message it stops with, or none."""
    target = str(tmp_path_factory.mktemp("declarations"))
    parsed = dbtRunner().invoke(["parse", "--target-path", target])
    assert parsed.success, parsed.exception
    told = []
    runner = dbtRunner(
        manifest=parsed.result, callbacks=[lambda event: told.append(event.info.msg)]
    )

    def called(macro, **variables):
        told.clear()
        arguments = ["--vars", json.dumps(variables), "--target-path", target]
        result = runner.invoke(["run-operation", f"personalize.{macro}", *arguments])
        return None if result.success else "\n".join(told)

    return called


def trigger(**keys):
    return {"personalize_triggers": {"mine": {"when": COLUMN, "priority": 1, **keys}}}


def token(**keys):
    return {"personalize_tokens": {"mine": keys}}


def condition(tree):
    return {"personalize_segments": {"mine": {"when": tree}}}


def block(name="mine", **keys):
    return {"personalize_blocks": {name: keys}}


def journey(**keys):
    stages = {"one": {"wait_days": 1}}
    return {
        "personalize_journeys": {
            "mine": {"starts_on": "order", "first": "one", "stages": stages, **keys}
        }
    }


def stage(**keys):
    """A journey whose first stage has these keys; `two` follows."""
    stages = {"one": {"wait_days": 1, "next": "two", **keys}, "two": {"wait_days": 2}}
    return journey(stages=stages)


def test_the_defaults_are_right(call):
    for macro in (
        *("segments", "triggers", "journeys", "blocks", "reasons", "slots"),
        *("block_variants", "recommendation_rules"),
    ):
        assert call(macro) is None


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            {**COLUMN, "column": "order_cuont"},
            "segment mine has the unknown column 'order_cuont'; did you mean 'order_count'?",
        ),
        (
            {"column": "order_count", "operater": ">", "value": 1},
            "segment mine has the unknown condition key 'operater'; did you mean 'operator'?",
        ),
        ({"al": [COLUMN]}, "segment mine has the unknown condition key 'al'; did you mean 'all'?"),
        (
            {**COLUMN, "operator": "=>"},
            "segment mine compares order_count (number) with the unknown operator '=>'; did you",
        ),
        (
            {**COLUMN, "value": "1"},
            "segment mine compares order_count (number) with the value '1', which is not a number.",
        ),
        (
            {**COLUMN, "value": {"setting": "win_back_day"}},
            "segment mine names the unknown setting 'win_back_day'; did you mean 'win_back_days'?",
        ),
        (
            {"column": "order_count", "operator": "is null", "value": 1},
            "segment mine compares order_count with 'is null', which takes no value.",
        ),
        (
            {"column": "order_count", "operator": "between", "value": [1]},
            "with 'between', which takes two values, from and to.",
        ),
        (
            {"column": "country", "operator": "in", "value": "AT"},
            "with 'in', which takes a list of values.",
        ),
        (
            {"column": "can_personalize", "operator": "=", "value": "yes"},
            "compares can_personalize (boolean) with the value 'yes', which is not a boolean.",
        ),
        (
            {"column": "last_ordered_at", "operator": ">", "value": "yesterday"},
            "is 'yesterday'; it must be a UTC time",
        ),
        ({"all": []}, "segment mine has an 'all' or 'any' that is not a list of conditions."),
        ({"all": [COLUMN], "any": [COLUMN]}, "must have exactly one of all, any, not, column, seg"),
        ({"any": [{"not": {"sql": " "}}]}, "segment mine has an empty sql condition."),
        (
            {"segment": "loyal_customer"},
            "segment mine has the unknown segment 'loyal_customer'; did you mean 'loyal",
        ),
        ({"not": {"segment": "mine"}}, "segment mine contains the segment 'mine' in a circle."),
        ("order_count > 1", "segment mine has the condition 'order_count > 1'; it must be a dic"),
    ],
)
def test_a_wrong_condition(call, tree, message):
    assert message in call("segments", **condition(tree))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"share": 0.1, "like": "loyal_customer"},
            "has the unknown segment 'loyal_customer'; did you",
        ),
        ({"share": 0.1, "like": "mine"}, "segment mine is like itself."),
        (
            {"share": 0.1, "like": "other"},
            "like the segment 'other', which is a look-alike itse",
        ),
        ({"share": 0.1, "like": "others"}, "like people of the segment 'other', which is a look-a"),
        ({"share": 0.1, "like": "round"}, "contains the segment 'mine' in a circle."),
        ({"share": 0}, "segment mine has the share '0'; it must be above 0 and at most 1."),
        ({"share": 1.5}, "segment mine has the share '1.5'; it must be above 0 and at most 1."),
        ({"share": "5%"}, "segment mine has the share '5%'; it must be above 0 and at most 1."),
        ({"people": 0}, "segment mine has '0' people; it must be a whole number from 1."),
        ({"people": 2.5}, "segment mine has '2.5' people; it must be a whole number from 1."),
        ({}, "segment mine must say how many people it holds, by one of 'share' and 'people'."),
        ({"share": 0.1, "people": 9}, "by one of 'share' and 'people'."),
        ({"share": 0.1, "when": COLUMN}, "has both 'when' and 'like'; it must have one of them."),
        ({"like": None, "when": COLUMN, "share": 0.1}, "has 'share', which goes with 'like' only."),
        ({"like": None}, "segment mine has no 'when'"),
        ({"sahre": 0.1}, "segment mine has the unknown key 'sahre'; did you mean 'share'?"),
    ],
)
def test_a_wrong_lookalike(call, keys, message):
    segments = {
        "mine": {"like": "loyal_customers", **keys},
        "other": {"like": "loyal_customers", "people": 9},
        "others": {"when": {"any": [COLUMN, {"segment": "other"}]}},
        "round": {"when": {"not": {"segment": "mine"}}},
    }
    if keys.get("like") != "round":
        del segments["round"]
    assert message in call("lookalike_segments", personalize_segments=segments)


def test_a_lookalike_needs_vectors(call):
    mine = {"mine": {"like": "loyal_customers", "share": 0.1}}
    assert call("segments", personalize_segments=mine) is None
    assert "embedding_dimensions: 0 turns off" in call(
        "segments", personalize_segments=mine, embedding_dimensions=0
    )
    message = "embedding_dimensions is '-1'; it must be a whole number from 0 to 128."
    assert message in call("embedding_dimensions", embedding_dimensions=-1)


@pytest.mark.parametrize(
    ("macro", "variables", "message"),
    [
        (
            "esps",
            {"personalize_esps": ["klavio"]},
            "personalize_esps names the unknown platform 'klavio'; did you mean 'klaviyo'?",
        ),
        ("esps", {"personalize_esps": "braze"}, "personalize_esps must be a list of e-mail platf"),
        (
            "triggers",
            {"personalize_triggers": {"cart_abandonmet": {"priority": 5}}},
            "trigger cart_abandonmet has no 'when'; to change a default, did you mean 'cart_aba",
        ),
        (
            "triggers",
            {"personalize_triggers": {"brithday": None}},
            "trigger brithday is taken away but does not exist; did you mean 'birthday'?",
        ),
        (
            "triggers",
            {"personalize_triggers": {"birthday": {"prority": 5}}},
            "trigger birthday has the unknown key 'prority'; did you mean 'priority'?",
        ),
        ("triggers", {"personalize_triggers": ["birthday"]}, "must be a dictionary by id."),
        ("triggers", {"personalize_triggers": {"My rule": {}}}, "trigger My rule needs an id of"),
        ("triggers", trigger(priority="high"), "trigger mine has the priority 'high'; it must be"),
        (
            "triggers",
            trigger(goal="retentoin"),
            "trigger mine has the unknown goal 'retentoin'; did you mean 'retention'?",
        ),
        (
            "triggers",
            {"personalize_triggers": {"regular": {"when": COLUMN, "priority": 1}}},
            "trigger regular has the id that stands for a message without a trigger; give it anot",
        ),
        (
            "triggers",
            trigger(priority=40, goal="retention"),
            "trigger mine has the priority 40 and the goal retention, and so has trigger win_back; "
            "neither says triggered_at, so nothing but their names decides between them.",
        ),
        (
            "triggers",
            trigger(ends_at="2026-05-01 06:00:00"),
            "trigger mine ended at 2026-05-01 06:00:00, before as_of; take it away or move its end",
        ),
        (
            "triggers",
            trigger(starts_at="2026-06-02", ends_at="2026-06-01"),
            "ends at 2026-06-01 00:00:00, which is not after its start 2026-06-02 00:00:00.",
        ),
        ("triggers", trigger(starts_at="tomorrow"), "is 'tomorrow'; it must be a UTC time like"),
        ("message_order", {"message_choice": "luck"}, "message_choice has the unknown value"),
        (
            "triggers",
            trigger(group="shoping"),
            "trigger mine has the unknown group 'shoping'; did you mean 'shopping'?",
        ),
        (
            "trigger_groups",
            {"personalize_trigger_groups": {"shopping": {"cap_per_week": 0}}},
            "trigger group shopping has the cap_per_week '0'; it must be a whole number from 1 up.",
        ),
        (
            "quiet_hours",
            {"quiet_hours": {"from": "21:00", "until": "08:00"}},
            "quiet_hours has the unknown key 'until'; known: from, to.",
        ),
        (
            "quiet_hours",
            {"quiet_hours": {"from": "21:00", "to": "8"}},
            "quiet_hours has the to '8'; it must be a time like \"21:00\".",
        ),
        (
            "quiet_hours",
            {"default_timezone": "Berlin"},
            "default_timezone is 'Berlin', which is not a time zone like Europe/Berlin.",
        ),
        ("triggers", trigger(cooldown_days=-1), "trigger mine has the cooldown_days '-1'; it must"),
        (
            "triggers",
            trigger(product="cart_produkt_id"),
            "trigger mine has the unknown product 'cart_produkt_id'; did you mean 'cart_produc",
        ),
        (
            "triggers",
            trigger(triggered_at="order_count"),
            "trigger mine has the triggered_at 'order_count', which is not a timestamp.",
        ),
        (
            "triggers",
            trigger(guards={"busy": {**COLUMN, "column": "order_counts"}}),
            "trigger mine, guard busy, has the unknown column 'order_counts'; did you mean",
        ),
        (
            "blocks",
            block("hero_cart", when=["cart_abandonment", "birthdy"]),
            "block hero_cart has the unknown trigger 'birthdy'; did you mean 'birthday'?",
        ),
        (
            "blocks",
            block(slot="heroe", headline="Hi", subject="Hi"),
            "block mine has the unknown slot 'heroe'; did you mean 'hero'?",
        ),
        (
            "blocks",
            block(slot="footer", headline="Hi", fallback="foter"),
            "block mine has the unknown fallback 'foter'; did you mean 'footer'?",
        ),
        (
            "blocks",
            block("hero_shop", fallback="hero_popular"),
            "falls back in a circle: ",
        ),
        (
            "blocks",
            block("hero_popular", fallback=None),
            "block hero_popular ends a chain of fallbacks but does not suit everybody",
        ),
        (
            "blocks",
            block("hero_popular", fallback="showcase_popular"),
            "block hero_popular falls back to 'showcase_popular', which is a block of another slot",
        ),
        (
            "blocks",
            block("hero_popular", product="populer"),
            "block hero_popular has the unknown product 'populer'; did you mean 'popular'?",
        ),
        (
            "blocks",
            block("hero_recommended", needs_personalization=False),
            "block hero_recommended shows the product of a recommendation and cannot do without",
        ),
        (
            "blocks",
            block("hero_popular", when=["default"]),
            "block hero_popular is the hero for default, and so is block 'hero_recommended'",
        ),
        (
            "blocks",
            block("footer", headline={"en": "Bye {frist_name|you}"}),
            "block footer, headline (en), has the unknown token 'frist_name'; did you mean 'first",
        ),
        (
            "blocks",
            block("footer", headline={"en": "Bye {first_name}"}),
            "has the token 'first_name' without a fallback, as in {first_name|there}.",
        ),
        (
            "blocks",
            block("footer", headline={"en": "Buy {product_title}"}),
            "has the token 'product_title', which nothing here can fill.",
        ),
        ("blocks", block("footer", headline={"en": "Bye {"}), "has a brace that does not belong"),
        (
            "blocks",
            block("footer", headline={"en": "Your {{ churn_scor }}"}),
            "block footer, headline (en), has the unknown token 'churn_scor'; did you mean 'churn_",
        ),
        (
            "blocks",
            block("footer", headline={"en": "{order_count} orders"}),
            "has the token 'order_count' without a fallback, as in {order_count|there}.",
        ),
        (
            "blocks",
            block("footer", headline={"en": "Your {cart_product_id|cart}"}),
            "has the unknown token 'cart_product_id'",
        ),
        (
            "tokens",
            token(fact="monetary_valeu"),
            "token mine has the unknown fact 'monetary_valeu'; did you mean 'monetary_value'?",
        ),
        (
            "tokens",
            token(fact="monetary_value", type="date"),
            "token mine has the unknown type 'date'; known: number, percent, money.",
        ),
        (
            "tokens",
            token(fact="monetary_value", fallback="nothing"),
            "token mine has the fallback 'nothing', which is no money; words are given by language",
        ),
        (
            "tokens",
            token(fact="last_ordered_at", fallback="soon"),
            "token mine a fallback that is 'soon'; it must be a UTC time like 2026-05-01 06:00:00.",
        ),
        (
            "tokens",
            token(fact="churn_score", decimals=-1),
            "token mine has '-1' decimals; it must be a whole number from 0 to 6.",
        ),
        (
            "tokens",
            token(fact="loyalty_tier", fallback={"en": "{shop_name}"}),
            "token mine, fallback (en), has the unknown token 'shop_name'",
        ),
        (
            "tokens",
            {"personalize_tokens": {"price": {"fact": "monetary_value"}}},
            "token price is filled by the package and cannot be declared.",
        ),
        (
            "blocks",
            block("footer", headline={"em": "Bye"}),
            "block footer has a headline in the unknown locale 'em'; did you mean 'en'?",
        ),
        (
            "blocks",
            block("footer", headline={"en": None}),
            "no headline in the default_locale 'en'",
        ),
        ("blocks", block("hero_shop", subject=None), "block hero_shop has no subject; only a hero"),
        (
            "blocks",
            block(variant_of="hero_recomended"),
            "block mine has the unknown variant_of 'hero_recomended'; did you mean 'hero_recomme",
        ),
        (
            "reasons",
            {"personalize_reasons": {"near": {"text": "Like {evidence_title}"}}},
            "reason near speaks of {evidence_title} and needs a fallback that does not.",
        ),
        ("slots", {"personalize_slots": {"hero": None}}, "slot hero is taken away, but it holds"),
        (
            "slots",
            {"personalize_slots": {"hero": {"enabled": False}}},
            "slot hero is taken away, but it holds",
        ),
        (
            "slots",
            {"personalize_slots": {"hero": {"image_width": "600px"}}},
            "slot hero has the image_width '600px'; it must be a whole number of pixels.",
        ),
        ("slots", {"personalize_slots": {"story": {"enabled": "yes"}}}, "has the value 'yes' for"),
        (
            "blocks",
            block("footer", purpose="sel"),
            "block footer has the unknown purpose 'sel'; did you mean 'sell'?",
        ),
        (
            "blocks",
            block("footer", audience={**COLUMN, "column": "order_counts"}),
            "block footer has the unknown column 'order_counts'; did you mean 'order_count'?",
        ),
        ("slots", {"showcase_products": 0}, "slot showcase has '0' positions; it must be a whole"),
        ("blocks", {"default_locale": "it"}, "must be a list that holds the default_locale 'it'"),
        (
            "survivorship",
            {"personalize_survivorship": {"phnoe": {"prefer": ["newest"]}}},
            "survivorship rule phnoe is for no field of the golden record; did you mean 'phone'?",
        ),
        (
            "survivorship",
            {"personalize_survivorship": {"phone": {"prefer": ["newst"]}}},
            "survivorship rule phone prefers the unknown 'newst'; did you mean 'newest'?",
        ),
        (
            "imputation",
            {"personalize_imputation": {"intervall": {"method": "median"}}},
            "intervall is for no feature of the prediction models; did you mean 'interval'?",
        ),
        (
            "imputation",
            {"personalize_imputation": {"interval": {"method": "mediann"}}},
            "imputation interval has the unknown method 'mediann'; did you mean 'median'?",
        ),
        (
            "match_comparisons",
            {"personalize_match_comparisons": {"card": {"column": "cart", "kind": "code"}}},
            "match comparison card compares the unknown column 'cart'",
        ),
        (
            "data_quality_severities",
            {"data_quality_severities": {"input_is_stal": "fail"}},
            "names the unknown check 'input_is_stal'; did you mean 'input_is_stale'?",
        ),
        (
            "data_quality_severities",
            {"data_quality_severities": {"input_is_stale": "error"}},
            "gives input_is_stale the severity 'error'; it is info, warn or fail",
        ),
        (
            "data_quality_severities",
            {"input_max_age_hours": {"order": 24}},
            "input_max_age_hours names the unknown input 'order'; did you mean 'orders'?",
        ),
        (
            "input_contract_version",
            {"input_contract_version": 2},
            "input_contract_version is 2, and this package reads version 1 of the input tables",
        ),
    ],
)
def test_a_wrong_declaration(call, macro, variables, message):
    assert message in call(macro, **variables)


def test_tokens_may_stand_in_double_braces(call):
    tokens = {"order_count": {"fallback": 0}, "spent": {"fact": "monetary_value", "fallback": 0}}
    headline = {"en": "{{ first_name | you }}: {{order_count}} orders for {{ spent }}"}
    assert call("blocks", personalize_tokens=tokens, **block("footer", headline=headline)) is None


TO_TWO, TO_DONE = {"to": "two"}, {"to": "done"}


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (journey(first="won"), "journey mine has the unknown first stage 'won'; did you mean"),
        (journey(starts_on="ordr"), "journey mine has the unknown event 'ordr'; did you mean 'or"),
        (journey(converts_on=["buy"]), "journey mine has the unknown event 'buy'; known: subsc"),
        (
            journey(starts_on={"event": "order", "aftr_days": 3}),
            "journey mine, starts_on, has the unknown key 'aftr_days'; did you mean 'after_days'?",
        ),
        (
            journey(when={**COLUMN, "column": "orders_in_stage"}),
            "journey mine has the unknown column 'orders_in_stage'; known: country, order_count",
        ),
        (
            stage(skip_when={**COLUMN, "column": "clicks_in_stage"}),
            "journey mine, stage one, has the unknown column 'clicks_in_stage'; ",
        ),
        (stage(next="tow"), "journey mine, stage one, has the unknown next 'tow'; did you mean"),
        (
            journey(stages={"one": {"wait_days": 1}, "two": {"wait_days": 1, "next": "one"}}),
            "journey mine has the stage 'two', which nobody can reach.",
        ),
        (
            journey(
                stages={
                    "one": {"wait_days": 1, "next": "two"},
                    "two": {"wait_days": 1, "next": [{"when": COLUMN, **TO_DONE}, {"to": "one"}]},
                }
            ),
            "journey mine has the stage 'one' in a circle of stages, which nobody can leave.",
        ),
        (
            stage(next=[{"when": COLUMN, **TO_TWO}]),
            "journey mine, stage one, lets nobody leave who meets none of its conditions; end its",
        ),
        (stage(next=[TO_TWO, TO_DONE]), "has a next after the one without 'when', which nobody"),
        (
            stage(priority=3, wait_days=0),
            "journey mine, stage one, sends a message but lets everybody pass at once; give it",
        ),
        (stage(wait_days="long"), "stage one, has the wait_days 'long'; it must be a number"),
        (stage(until="clik"), "stage one, has the unknown event 'clik'; did you mean 'click'?"),
        (
            journey(again_after_days=0.5),
            "journey mine may begin again after 0.5 days, but it takes up to 1; raise again_after",
        ),
        (journey(starts_on="cart"), "journey mine starts on 'cart', which is remembered for dec"),
        (
            journey(starts_on="cart", again_after_days=90),
            "which is remembered for 90 days (decision_history_days): too short for its waits",
        ),
        (
            {"personalize_journeys": {"welcome": {"stages": {"hallo": {"wait_days": 9}}}}},
            "journey welcome has the stage 'hallo', which nobody can reach.",
        ),
    ],
)
def test_a_wrong_journey(call, variables, message):
    assert message in call("journeys", **variables)


def test_one_key_of_a_stage_can_be_changed(call):
    longer = {"personalize_journeys": {"welcome": {"stages": {"hello": {"wait_days": 170}}}}}
    assert "takes up to 182 days, which is more than journey_history_days" in call(
        "journeys", **longer
    )


def test_blocks_name_stages_of_journeys(call):
    assert "unknown trigger 'welcome.helo'; did you mean 'welcome.hello'?" in call(
        "blocks", **block("hero_welcome", when=["welcome.helo"])
    )
    assert call("blocks", personalize_journeys={"welcome": None}) is None


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (
            {"heroe": "hero_recommended_factual"},
            "has the unknown slot 'heroe'; did you mean 'hero'?",
        ),
        ({"hero": "hero_factual"}, "experiment mine, variation b, has the unknown block 'hero_fac"),
        ({"footer": "hero_recommended_factual"}, "in the footer, but it belongs in the hero."),
        ({"hero": "hero_popular"}, "'hero_popular', which is not a variant_of another."),
        ({"hero": "hero_recommended_factual"}, "and so does the experiment 'hero_tone'."),
    ],
)
def test_a_wrong_block_of_an_experiment(call, blocks, message):
    mine = {"variations": {"a": 0.5, "b": 0.5}, "blocks": {"b": blocks}}
    assert message in call("block_variants", personalize_experiments={"mine": mine})


def test_the_examples_of_the_documentation_are_right(call):
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/declarations.md").read_text(), re.S)
    assert len(examples) == 13
    for example in examples:
        variables = yaml.safe_load(example)["vars"]
        macros = ("segments", "triggers", "journeys", "blocks", "reasons", "block_variants")
        if "personalize_survivorship" in variables:
            macros = ("match_comparisons", "match_rules", "survivorship")
        if "personalize_imputation" in variables:
            macros = ("imputation", "prediction_features")
        for macro in macros:
            assert call(macro, **variables) is None


def test_the_slots_that_are_off_can_be_put_on(call):
    on = {slot: {"enabled": True} for slot in ("header", "offer", "reminder", "story")}
    assert call("blocks", personalize_slots=on) is None
    assert call("slots", personalize_slots=on) is None


def test_a_rule_without_a_block_of_its_own_shows_the_default(call):
    assert call("blocks", **trigger()) is None


def test_a_rule_that_is_taken_away_leaves_its_blocks_alone(call):
    assert call("blocks", personalize_triggers={"birthday": None, "win_back": None}) is None
    assert call("blocks", personalize_slots={"showcase": None}) is None


def test_nothing_is_built_with_a_misspelt_rule(tmp_path):
    variables = {"personalize_triggers": {"birthday": {"when": {**COLUMN, "column": "ordercount"}}}}
    database = tmp_path / "untouched.duckdb"
    process = dbt(
        *("build", "--select", "stg_personalize__products", "--vars", json.dumps(variables)),
        target=tmp_path / "target",
        database=database,
        check=False,
    )
    assert process.returncode != 0
    assert "trigger birthday has the unknown column 'ordercount'" in process.stdout
    assert not database.exists()


def rule(name="mine", **keys):
    return {"personalize_recommendation_rules": {name: keys}}


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            rule(kind="exlude", products={"brand": ["x"]}),
            "recommendation rule mine has the unknown kind 'exlude'; did you mean 'exclude'?",
        ),
        (rule(kind="exclude"), "mine has no 'products', which a rule of the kind exclude needs"),
        (
            rule(kind="boost", products={"brand": ["x"]}, factor=2, at_most=3),
            "has the key 'at_most', which does not belong to a rule of the kind boost",
        ),
        (
            rule(kind="boost", products={"brand": ["x"]}, factor=0),
            "has the factor '0'; it must be a number from 0.01 to 100",
        ),
        (
            rule(kind="exclude", products={"categry": ["x"]}),
            "chooses products by the unknown key 'categry'; did you mean 'category'?",
        ),
        (
            rule(kind="exclude", products={"category": "x"}),
            "has a category that is not a list of texts",
        ),
        (rule(kind="exclude", products={"category": [1]}), "the value '1', which is not a text"),
        (
            rule(kind="exclude", products={"price_below": "5"}),
            "has the price_below '5'; it must be a number from 0 to",
        ),
        (
            rule(kind="exclude", products={"brand": ["x"]}, people={**COLUMN, "column": "cuntry"}),
            "recommendation rule mine has the unknown column 'cuntry'; did you mean 'country'?",
        ),
        (
            rule(kind="exclude", products={"brand": ["x"]}, campaigns=["birthdya"]),
            "has the unknown campaign 'birthdya'; did you mean 'birthday'?",
        ),
        (
            rule(kind="exclude", products={"brand": ["x"]}, campaigns="birthday"),
            "has campaigns that are not a list of triggers",
        ),
        (rule(kind="cap", by="color", at_most=2), "has the unknown by 'color'; known: category"),
        (rule(kind="cap", by="brand", at_most=1.5), "it must be a whole number from 1 to 1000"),
        (
            rule(kind="pin", products={"category": ["x"]}, place=1),
            'must name one product, as {"product_id"',
        ),
        (
            rule(kind="diversity", weight=0.5),
            "mine is about diversity, and so is the rule 'variety'",
        ),
        (
            rule("variety", weight=2),
            "has the weight '2'; it must be a number from 0 to 1",
        ),
        (
            rule("unpriced", kind="exclude", products={"brand": ["x"]}),
            "recommendation rule unpriced has the name of a rule that always holds",
        ),
        (
            rule("variaty", weight=0.2),
            "to change a default, did you mean 'variety'?",
        ),
        (
            {"personalize_recommendation_rules": ["mine"]},
            "personalize_recommendation_rules must be a dictionary by id",
        ),
    ],
)
def test_a_misspelt_rule_over_the_model_is_named(call, variables, message):
    assert message in call("recommendation_rules", **variables)


def test_a_misspelt_rule_over_the_model_stops_the_parsing(tmp_path):
    variables = rule(kind="boost", products={"colour": ["red"]}, factor=2)
    process = dbt("parse", "--vars", json.dumps(variables), target=tmp_path, check=False)
    assert process.returncode == 2
    assert "recommendation rule mine chooses products by the unknown key" in process.stdout


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"strategy": "discovry"},
            "unknown strategy 'discovry'; did you mean 'discovery'?",
        ),
        ({"product": "popular"}, "names a strategy but does not show a recommendation"),
    ],
)
def test_a_misspelt_strategy_of_a_block_is_named(call, keys, message):
    assert message in call("blocks", **block("hero_recommended", **keys))
