"""The prediction room, built by dbt on a synthetic shop, against scikit-learn on the same rows."""

import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest
import room
from hypothesis import given
from hypothesis import strategies as st
from room import query
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

AS_OF = pd.Timestamp("2026-05-01 06:00:00")
ROOM = [
    "int_personalize__runs",
    "path:models/predictions",
    "path:python_models/predictions",
    "personalize__model_registry",
]
DAYS = 240


training = room.python_model("predictions", "int_personalize__prediction_training")


def shop(people=800, seed=7):
    """People who buy at very different rates and drop out; a visit comes before each order."""
    rng = np.random.default_rng(seed)
    rates = rng.gamma(0.8, 1 / 25, people)
    ends = np.minimum(rng.exponential(160, people), DAYS)
    lines, visits, mails = [], [], []
    for person, (rate, end) in enumerate(zip(rates, ends, strict=True)):
        profile = f"p{person:04d}"
        for number, day in enumerate(np.sort(rng.uniform(0, end, rng.poisson(rate * end)))):
            at = AS_OF + pd.Timedelta(seconds=int((day - DAYS) * 86400))
            product, price = f"i{rng.integers(20):02d}", round(float(rng.lognormal(3, 0.6)), 2)
            lines.append((f"{profile}-{number}", profile, product, at, price))
            visits.append((profile, at - pd.Timedelta(hours=2), "product_view"))
            visits.append((profile, at - pd.Timedelta(hours=1), "add_to_cart"))
        for day in rng.uniform(0, end, rng.poisson(0.02 * end)):
            at = AS_OF + pd.Timedelta(seconds=int((day - DAYS) * 86400))
            visits.append((profile, at, "page_view"))
            mails.append((profile, at, "click" if day > 100 else "open"))
    events = ["profile_id", "occurred_at", "event_type"]
    return {
        "purchases": pd.DataFrame(
            lines, columns=["order_id", "profile_id", "product_id", "ordered_at", "net_amount"]
        ).assign(is_return=False),
        "resolved_web_events": pd.DataFrame(visits, columns=events).assign(is_bot=False),
        "resolved_email_events": pd.DataFrame(mails, columns=events).assign(is_machine=False),
        "current_products": pd.DataFrame(
            {"product_id": f"i{number:02d}", "category": f"c{number % 5}"} for number in range(20)
        ),
        "permissions": pd.DataFrame(
            {"profile_id": f"p{person:04d}", "can_personalize": person % 10 > 0}
            for person in range(people)
        ),
        "recommendation_models": pd.DataFrame(
            [("recommendations", "turn 1", "turn", True, False, "ndcg_at_12", 0.1, False)],
            columns=[
                *("model", "model_version", "hyper_parameters", "is_baseline", "is_challenger"),
                *("metric", "value", "is_proven"),
            ],
        ),
        "settings": pd.DataFrame(
            {"prediction_min_profiles": "200", "prediction_min_positives": "20"}.items(),
            columns=["name", "value"],
        ),
    }


def build(folder, tables=None, as_of=AS_OF):
    room.build(folder, tables or {}, ROOM, as_of=str(as_of))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predictions")
    build(folder, shop())
    return folder


@pytest.fixture
def copied(built, tmp_path):
    shutil.copy(built / "room.duckdb", tmp_path)
    shutil.copytree(built / "target", tmp_path / "target")
    return tmp_path


def features_of(frame):
    return [column for column in frame.columns if column not in training.KEYS]


@pytest.mark.parametrize("prediction", ["purchase", "churn"])
def test_scores_in_sql_are_those_of_scikit_learn(built, prediction):
    decided = query(built, f"from personalize__model_registry where model = '{prediction}'").iloc[0]
    assert decided["status"] == "champion"
    penalty = float(decided["hyper_parameters"].split('"')[3])
    rows = query(
        built,
        f"""
        from int_personalize__prediction_training_set where {prediction} is not null
        order by window_number desc, profile_id
    """,
    )
    features = features_of(rows)

    def fitted(part):
        pipeline = make_pipeline(
            StandardScaler(),
            LogisticRegression(
                C=1 / (penalty * len(part)), solver="newton-cholesky", tol=1e-12, max_iter=500
            ),
        )
        return pipeline.fit(part[features], part[prediction])

    earlier, latest = rows[rows["window_number"] > 1], rows[rows["window_number"] == 1]
    platt = LogisticRegression(C=1e6, solver="newton-cholesky", tol=1e-12, max_iter=500)
    platt.fit(
        fitted(earlier).decision_function(latest[features]).reshape(-1, 1), latest[prediction]
    )
    today = query(
        built,
        f"""
        select features.*, scores.probability
        from int_personalize__prediction_features as features
        inner join int_personalize__prediction_scores as scores using (profile_id)
        where window_number = 0 and prediction = '{prediction}'
    """,
    )
    log_odds = fitted(rows).decision_function(today[features]).reshape(-1, 1)
    expected = platt.predict_proba(log_odds)[:, 1]
    assert len(today) > 100
    np.testing.assert_allclose(today["probability"], expected, rtol=0, atol=1e-9)


def test_the_judging_window_was_never_seen(built):
    """The registry's value, from a model fitted by hand on the windows before the judging one."""
    rows = query(
        built,
        "from int_personalize__prediction_training_set order by window_number desc, profile_id",
    )
    past, judged = rows[rows["window_number"] > 1], rows[rows["window_number"] == 1]
    x, y = past[features_of(rows)].to_numpy(), past["purchase"].to_numpy()
    decided = query(built, "from personalize__model_registry where model = 'purchase'").iloc[0]
    penalty = float(decided["hyper_parameters"].split('"')[3])
    terms, _ = training.fit_calibrated(x, y, (past["window_number"] == 2).to_numpy(), penalty)
    p = training.probability(terms, judged[features_of(rows)].to_numpy())
    truth = judged["purchase"].to_numpy()
    loss = -np.mean(truth * np.log(p) + (1 - truth) * np.log(1 - p))
    assert decided["value"] == pytest.approx(loss, abs=1e-6)
    assert decided["value"] < decided["baseline_value"]


def test_only_people_who_allow_it_and_all_of_them(built):
    scored = set(query(built, "from personalize__predictions")["profile_id"])
    allowed = query(built, "from int_personalize__permissions where can_personalize")["profile_id"]
    active = query(built, "select profile_id from int_personalize__purchases")["profile_id"]
    visited = query(built, "select profile_id from int_personalize__resolved_web_events")[
        "profile_id"
    ]
    assert scored == set(allowed) & (set(active) | set(visited))


def test_the_future_does_not_change_the_past(copied):
    """More orders and visits after a cutoff leave the features at it, and before, as they were."""
    before = query(
        copied, "from int_personalize__prediction_features where window_number >= 1 order by all"
    )
    tables = shop()
    cutoff = AS_OF - pd.Timedelta(days=28)
    people = [f"p{person:04d}" for person in range(1, 400, 3)]
    tables["purchases"] = pd.concat(
        [
            tables["purchases"],
            pd.DataFrame(
                {
                    "order_id": [f"late-{person}" for person in people],
                    "profile_id": people,
                    "product_id": "i01",
                    "ordered_at": cutoff + pd.Timedelta(seconds=1),
                    "net_amount": 500.0,
                    "is_return": False,
                }
            ),
        ]
    )
    tables["resolved_web_events"] = pd.concat(
        [
            tables["resolved_web_events"],
            pd.DataFrame(
                {
                    "profile_id": people,
                    "occurred_at": cutoff,
                    "event_type": "add_to_cart",
                    "is_bot": False,
                }
            ),
        ]
    )
    build(copied, tables)
    after = query(
        copied, "from int_personalize__prediction_features where window_number >= 1 order by all"
    )
    pd.testing.assert_frame_equal(before, after)
    today = query(
        copied,
        "select sum(orders) from int_personalize__prediction_features where window_number = 0",
    )
    assert (
        today.iloc[0, 0]
        > query(
            copied,
            "select sum(orders) from int_personalize__prediction_features where window_number = 1",
        ).iloc[0, 0]
    )


def test_a_repeated_run_decides_the_same_and_a_later_one_keeps_the_hyper_parameters(copied):
    first = query(copied, "from personalize__model_registry order by all")
    scores = query(copied, "from personalize__predictions order by all")
    build(copied)
    pd.testing.assert_frame_equal(
        query(copied, "from personalize__model_registry order by all"), first
    )
    pd.testing.assert_frame_equal(
        query(copied, "from personalize__predictions order by all"), scores
    )
    with duckdb.connect(str(copied / "room.duckdb")) as database:
        database.execute("""
            update personalize__model_registry
            set hyper_parameters = '{"l2":"1","method":"logistic"}'
            where model = 'purchase'
        """)
    build(copied, as_of=AS_OF + pd.Timedelta(hours=1))
    candidates = query(
        copied, "from int_personalize__prediction_candidates where prediction = 'purchase'"
    )
    later = query(
        copied, f"from personalize__model_registry where decided_at > timestamp '{AS_OF}'"
    ).set_index("model")
    incumbent = candidates.set_index("candidate").loc["logistic_l2_1"]
    challenger = candidates[candidates["is_challenger"]].iloc[0]
    assert challenger["candidate"] != "logistic_l2_1"
    keeps = incumbent["log_loss"] <= challenger["log_loss"]
    assert later.loc["purchase", "status"] == ("kept" if keeps else "champion")
    assert later.loc["purchase", "value"] == min(incumbent["log_loss"], challenger["log_loss"])
    was = first.set_index("model").loc["churn", "hyper_parameters"]
    assert (later.loc["churn", "hyper_parameters"] == was) == (
        later.loc["churn", "status"] == "kept"
    )


def rows_of(people=3000, windows=(1, 2, 3, 4), seed=3, effect=1.5):
    """A training set whose probabilities are known."""
    rng = np.random.default_rng(seed)
    parts = []
    for window in windows:
        x = rng.normal(size=(people, 2))
        p = expit(effect * x[:, 0] - 1)
        parts.append(
            pd.DataFrame(
                {
                    "window_number": window,
                    "profile_id": [f"p{number:05d}" for number in range(people)],
                    "recency_bucket": rng.choice(["7 days", "never"], people),
                    "purchase": (rng.uniform(size=people) < p).astype(float),
                    "churn": np.nan,
                    "signal": x[:, 0] * 5 + 3,
                    "noise": x[:, 1],
                    "probability": p,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def test_probabilities_that_are_known_are_found_and_calibrated():
    rows = rows_of()
    x, y = rows[["signal", "noise"]].to_numpy(), rows["purchase"].to_numpy()
    terms, _ = training.fit_calibrated(x, y, (rows["window_number"] == 1).to_numpy(), 0.0001)
    assert np.abs(training.probability(terms, x) - rows["probability"]).max() < 0.05
    assert terms["coefficient"][0] == pytest.approx(1.5, abs=0.1)
    assert terms["slope"] == pytest.approx(1.0, abs=0.15)


def test_calibration_undoes_an_overconfident_model():
    rng = np.random.default_rng(5)
    z = rng.normal(size=20000)
    y = (rng.uniform(size=z.size) < expit(0.5 * z + 0.3)).astype(float)
    slope, shift = training.fit_platt(4 * z, y)
    assert (slope, shift) == (pytest.approx(0.125, abs=0.01), pytest.approx(0.3, abs=0.05))


def test_the_order_of_the_rows_does_not_matter():
    rows = rows_of(people=300).drop(columns="probability")
    shuffled = rows.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(training.train(rows, 200, 20), training.train(shuffled, 200, 20))


@pytest.mark.parametrize(
    ("windows", "people", "effect"),
    [
        ((1, 2, 3), 150, 1.5),
        ((1, 2), 3000, 1.5),
        ((1,), 3000, 1.5),
        ((2, 3, 4), 3000, 1.5),
        ((1, 2, 3), 400, 60),
    ],
)
def test_too_little_to_learn_from_leaves_the_bucket_rates(windows, people, effect):
    rows = rows_of(people, windows, effect=effect).drop(columns="probability")
    if effect > 50:
        rows.loc[rows["profile_id"] > "p00010", "purchase"] = 0.0
    table = training.train(rows, min_profiles=200, min_positives=20)
    assert set(table["candidate"]) == {"recency_bucket"}
    assert {"any", "7 days", "never"} <= set(table.loc[table["kind"] == "bucket_rate", "term"])


def test_no_rows_at_all_give_a_typed_empty_table():
    empty = rows_of(people=5).drop(columns="probability").iloc[:0]
    table = training.write(training.train(empty, 200, 20), training.SCHEMA, session=None)
    assert len(table) == 0
    assert {str(kind) for kind in table.dtypes} <= {"string", "str", "float64"}


def test_bucket_rates_are_drawn_to_the_base_rate():
    """4 of 10 positive in all; 'a' 1 of 2: (1 + 10 * 0.4) / (2 + 10); 'b' 3 of 8: (3 + 4) / 18."""
    rates = training.bucket_rates(
        np.array(list("aabbbbbbbb")), np.array([1, 0, 1, 1, 1, 0, 0, 0, 0, 0.0])
    )
    assert rates == {"any": 0.4, "a": pytest.approx(5 / 12), "b": pytest.approx(7 / 18)}


def test_lift_by_hand():
    """20 people, 4 positive. Top two: a positive, and one of two tied, of whom one is positive."""
    p = np.array([0.9, 0.8, 0.8] + [0.1] * 17)
    y = np.array([1, 1, 0, 1, 1] + [0] * 15, dtype=float)
    assert training.top_decile_lift(y, p) == pytest.approx((1 + 0.5) / 2 / 0.2)


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=3, max_size=60).filter(lambda y: sum(y) > 0))
def test_lift_of_a_model_that_says_nothing_is_one(y):
    assert training.top_decile_lift(np.array(y), np.full(len(y), 0.3)) == pytest.approx(1.0)
