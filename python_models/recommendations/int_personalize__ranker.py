"""Ranks the candidates of all strategies: the chance that each is bought in the next window.

Gradient-boosted trees over the features of int_personalize__ranking_features, learnt from windows
that were over before the one they are applied to: window w is ranked by trees grown on the windows
of higher numbers, which lie before it in time. The people of today come in parts, which Snowpark
ranks side by side. Isotonic regression calibrates the chances, on what the trees that judge do not
know: for today the latest window that is over, by the trees it is ranked by; for that one the half
of the people whom trees were not grown on.
"""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

KEYS = ["window_number", "profile_number", "product_number"]
LABEL = "is_hit"
STANDS_FOR, IS_BUYER = "stands_for", "is_buyer"
NOT_FEATURES = {*KEYS, LABEL, STANDS_FOR, IS_BUYER, "part"}
MOST_ROWS = 250_000
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
DIGITS = 6
PACKAGES = ["numpy", "pandas", "scikit-learn"]  # of the processes side by side
SCHEMA = {
    "window_number": "int64",
    "profile_number": "int64",
    "product_number": "int64",
    "chance": "float64",
}


def matrix(frame):
    """The features as an array, in the order of their names; what is not known is far below."""
    names = sorted(set(frame.columns) - NOT_FEATURES)
    return frame[names].to_numpy(dtype=np.float32, na_value=UNKNOWN)


def grown(features, rows, is_wanted):
    """Trees that tell the hits from the others, learnt from wanted rows of people who bought.

    Whoever buys nothing says nothing about which of the candidates comes first.
    """
    is_wanted = is_wanted & rows[IS_BUYER].to_numpy(dtype=bool)
    hits, stands_for = (rows[name].to_numpy(dtype=float) for name in (LABEL, STANDS_FOR))
    trees = HistGradientBoostingClassifier(**TREES)
    return trees.fit(features[is_wanted], hits[is_wanted] > 0, stands_for[is_wanted])


def calibration(trees, features, hits, stands_for=None):
    """From the trees' chances to those that came true."""
    isotonic = IsotonicRegression(y_min=0.0, y_max=0.99, out_of_bounds="clip")
    return isotonic.fit(trees.predict_proba(features)[:, 1], hits, sample_weight=stands_for)


def drawn(rows):
    """At most about MOST_ROWS: every hit and some of the others, each of which stands for several.

    Candidates of who bought nothing get a third of the place, or what is left. Where the hits
    alone are more than half of all, only so many people's candidates are drawn from.
    """
    rows = rows.sort_values(KEYS, ignore_index=True)
    people, hits = np.sort(rows["profile_number"].unique()), rows[LABEL].sum()
    share = min(1.0, MOST_ROWS / 2 / max(1, hits))
    rows = rows[rows["profile_number"].isin(people[: int(np.ceil(share * len(people)))])]
    is_hit = rows[LABEL].to_numpy(dtype=bool)
    is_buyer = rows.groupby(KEYS[:2])[LABEL].transform("max").to_numpy(dtype=bool)
    rates, places = np.ones(len(rows)), MOST_ROWS - is_hit.sum()
    unbought, others = is_buyer & ~is_hit, ~is_buyer
    wanted = min(unbought.sum(), max(places * 2 / 3, places - others.sum()))
    rates[unbought] = wanted / max(1, unbought.sum())
    rates[others] = min(1.0, (places - wanted) / max(1, others.sum()))
    is_drawn = np.random.default_rng(0).random(len(rows)) < rates
    return rows[is_drawn].assign(**{STANDS_FOR: 1 / rates[is_drawn], IS_BUYER: is_buyer[is_drawn]})


def known_before(past, window, least_hits):
    """What may be learnt from for a window; None if it is too thin."""
    rows = drawn(past[past["window_number"] > window])
    buyers = rows[rows[IS_BUYER]]
    halves = [buyers.loc[buyers["profile_number"] % 2 == half, LABEL] for half in (0, 1)]
    is_enough = rows[LABEL].sum() >= max(1, least_hits)
    return rows if is_enough and all(half.nunique() == 2 for half in halves) else None


def by_halves(features, rows):
    """The calibration of trees grown on one half of the people, learnt on the other half."""
    is_known = rows["profile_number"].to_numpy() % 2 == 0
    trees, other = grown(features, rows, is_known), rows[~is_known]
    return calibration(trees, features[~is_known], other[LABEL], other[STANDS_FOR])


class Ranker:
    """Trees and their calibration, learnt from candidates whose windows are over."""

    def __init__(self, rows, calibrated=None):
        """Learns from candidates of whom it is known what was bought."""
        features = matrix(rows)
        self.trees = grown(features, rows, np.ones(len(rows), dtype=bool))
        self.calibrated = calibrated or by_halves(features, rows)

    def ranked(self, rows):
        """The candidates with their chances."""
        rows = rows.sort_values(KEYS, ignore_index=True)
        raw = self.trees.predict_proba(matrix(rows))[:, 1]
        # Isotonic regression makes steps; a trace of the trees' own chance keeps the order on one.
        chance = 0.999 * self.calibrated.predict(raw) + 0.001 * raw
        return rows[KEYS].astype("int64").assign(chance=chance.round(DIGITS))


def rankers(past, least_hits):
    """By window, today (0) and the latest (1), who ranks it; none where too few hits are known."""
    older = known_before(past, 1, least_hits)
    if older is None:
        return {}
    latest, judged = Ranker(older), past[past["window_number"] == 1]
    if not judged[LABEL].any():
        return {0: latest, 1: latest}
    calibrated = calibration(latest.trees, matrix(judged), judged[LABEL])
    return {0: Ranker(known_before(past, 0, 0), calibrated), 1: latest}


def ranked(rows, known):
    """The candidates whose windows have a ranker, with their chances."""
    tables = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    for window, ranker in known.items():
        of_window = rows[rows["window_number"] == window]
        tables += [ranker.ranked(of_window)] if len(of_window) else []
    return pd.concat(tables, ignore_index=True)


def side_by_side(relation, known):
    """All ranked from a Snowpark frame, each part in whatever process the warehouse gives it."""

    def apply(rows):
        table = ranked(rows.rename(columns=str.lower), known)
        return table.astype(SCHEMA).rename(columns=str.upper)

    for thing in list(globals().values()):
        if getattr(thing, "__module__", None) == __name__:
            thing.__module__ = "__main__"  # so that it travels with apply, as a copy
    chance = relation["PART"].cast("double").alias("CHANCE")
    schema = relation.select(*(name.upper() for name in KEYS), chance).schema
    parts = relation.group_by("PART")
    return parts.apply_in_pandas(apply, output_schema=schema, packages=PACKAGES)


def of_part(relation, part):
    """The candidates of one part as a pandas frame; the warehouse leaves the others out."""
    if hasattr(relation, "to_local_iterator"):  # a Snowpark frame
        return read(relation.filter(relation["PART"] == part))
    return read(relation.filter(f"part = {part}"))


def parts_of(relation):
    """The numbers of the parts: -1 holds the windows that are over, the others people of today."""
    name = "PART" if hasattr(relation, "to_local_iterator") else "part"
    return sorted(int(part) for part in read(relation.select(name).distinct())["part"])


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: candidates with features in, their chances out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    features = dbt.ref("int_personalize__ranking_features")
    least_hits = int(settings["recommendation_ranker_min_hits"] or 0)
    known, parts = rankers(of_part(features, -1), least_hits), parts_of(features)
    if known and len(parts) > 2 and hasattr(features, "to_local_iterator"):
        return side_by_side(features, known)
    tables = (ranked(of_part(features, part), known) for part in parts or [-1])
    return write(pd.concat(tables, ignore_index=True), SCHEMA, session)
