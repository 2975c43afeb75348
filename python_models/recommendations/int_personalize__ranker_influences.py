"""What the ranker's features are worth: how much NDCG the latest window loses without them.

Two ways. A group of features (what its names begin with) is left out, and the trees are grown anew
(ablation). A single feature is shuffled among the candidates that are judged (permutation
importance: Breiman 2001). Losses are means over the people who bought a candidate, with percentile
intervals of 95% from bootstrap draws of people.
"""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

KEYS = ["window_number", "profile_number", "product_number"]
LABEL = "is_hit"
NOT_FEATURES = {*KEYS, LABEL, "part"}
MOST_ROWS = 50_000
UNKNOWN = -1e6
TREES = {
    "max_iter": 100,
    "learning_rate": 0.1,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 200,
    "l2_regularization": 1.0,
    "early_stopping": True,
    "validation_fraction": 0.15,
    "n_iter_no_change": 15,
    "random_state": 0,
}
DRAWS = 300
SEED = 20260501
DIGITS = 6
SCHEMA = {
    "kind": "string",
    "name": "string",
    "ndcg": "float64",
    "lost": "float64",
    "lost_low": "float64",
    "lost_high": "float64",
    "observations": "int64",
}


def some_people(rows):
    """The candidates of as many people as MOST_ROWS allows, in order."""
    people = np.sort(rows["profile_number"].unique())
    share = min(1.0, MOST_ROWS / max(1, len(rows)))
    rows = rows[rows["profile_number"].isin(people[: int(np.ceil(share * len(people)))])]
    return rows.sort_values(KEYS, ignore_index=True)


def of_buyers(rows):
    """The candidates of whoever bought one of them in the window."""
    return rows[rows.groupby(KEYS[:2])[LABEL].transform("max") == 1]


def ndcg(person, hits, chances, size):
    """NDCG of each person who bought a candidate; of equal chances the earlier row comes first."""
    order = np.lexsort((np.arange(len(person)), -chances.round(DIGITS), person))
    person, hits = person[order], hits[order]
    places = np.arange(len(person)) - np.searchsorted(person, person)
    gains = np.where(places < size, 1 / np.log2(places + 2), 0.0)
    people = person.max(initial=-1) + 1
    found = np.bincount(person, weights=gains * hits, minlength=people)
    bought = np.bincount(person, weights=hits, minlength=people).astype(int)
    best = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(size) + 2))])
    return found[bought > 0] / best[np.minimum(bought[bought > 0], size)]


def influences(past, size, least_hits):
    """All losses in the form of SCHEMA; none where too few hits could be learnt from."""
    grown_on = some_people(of_buyers(past[past["window_number"] > 1]))
    judged = some_people(of_buyers(past[past["window_number"] == 1]))
    hits, bought = (rows[LABEL].to_numpy(dtype=bool) for rows in (grown_on, judged))
    if hits.sum() < max(1, least_hits) or hits.all() or not bought.any():
        return pd.DataFrame(columns=list(SCHEMA))
    names = sorted(set(past.columns[past.notna().any()]) - NOT_FEATURES)
    features, seen = (
        rows[names].to_numpy(dtype=np.float32, na_value=UNKNOWN) for rows in (grown_on, judged)
    )
    _, person = np.unique(judged["profile_number"], return_inverse=True)

    def quality(keep, shown):
        """NDCG per person of trees grown on some of the features."""
        trees = HistGradientBoostingClassifier(**TREES).fit(features[:, keep], hits)
        return trees, ndcg(person, bought, trees.predict_proba(shown[:, keep])[:, 1], size)

    everything = np.ones(len(names), dtype=bool)
    trees, whole = quality(everything, seen)
    random = np.random.default_rng(SEED)
    draws = random.multinomial(len(whole), np.full(len(whole), 1 / len(whole)), DRAWS) / len(whole)
    rows = []

    def lost(kind, name, left):
        """One row: what is lost where `left` is left of the quality."""
        low, high = np.percentile((draws * (whole - left)).sum(axis=1), (2.5, 97.5))
        values = np.round([whole.mean(), (whole - left).mean(), low, high], DIGITS)
        rows.append((kind, name, *values, len(whole)))

    groups = np.array([name.split("_")[0] for name in names])
    for group in np.unique(groups):
        lost("group", str(group), quality(groups != group, seen)[1])
    for place, name in enumerate(names):
        shuffled = seen.copy()
        random.shuffle(shuffled[:, place])
        chances = trees.predict_proba(shuffled)[:, 1]
        lost("feature", name, ndcg(person, bought, chances, size))
    return pd.DataFrame(rows, columns=list(SCHEMA))


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: candidates with features in, what the features are worth out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    features = dbt.ref("int_personalize__ranking_features")
    is_snowpark = hasattr(features, "to_local_iterator")
    past = features.filter(features["PART"] == -1 if is_snowpark else "part = -1")
    table = influences(
        read(past),
        size=int(settings["recommendations_per_profile"]),
        least_hits=int(settings["recommendation_ranker_min_hits"] or 0),
    )
    return write(table, SCHEMA, session)
