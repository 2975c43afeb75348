"""Averages over the people judged, with bootstrap intervals.

People are drawn with replacement 500 times; whoever is drawn brings all windows and all ways of
making lists along, so windows do not count as independent and two ways are compared in pairs
(Efron and Tibshirani 1993; percentile intervals of 95%). Groups of fewer than 20 people are left
out. A ratio is the quotient of two sums, averages included: sum of values over count of values.
"""

import numpy as np
import pandas as pd

MEASURES = {
    "recall": "recall",
    "ndcg": "ndcg",
    "average_precision": "map",
    "hit": "hit_rate",
    "novelty": "novelty",
    "diversity": "diversity",
}
AT_SIZE = ("recall", "ndcg", "map", "hit_rate")
BOUNDS = (2.5, 97.5)
DRAWS = 500
SEED = 20260501
SMALLEST_GROUP = 20
DIGITS = 6
SCHEMA = {
    "model": "string",
    "metric": "string",
    "population": "string",
    "value": "float64",
    "value_low": "float64",
    "value_high": "float64",
    "observations": "int64",
}


def drawn(people):
    """How often each person is drawn, draws x people; the first row is everybody once."""
    counts = np.random.default_rng(SEED).multinomial(people, np.full(people, 1 / people), DRAWS)
    return np.vstack([np.ones(people, dtype=counts.dtype), counts])


def ratios(draws, person, value, share):
    """The sum of values over the sum of shares in every draw; NaN where nothing is drawn."""
    people = draws.shape[1]
    values = np.bincount(person, weights=value, minlength=people)
    shares = np.bincount(person, weights=share, minlength=people)
    below = (draws * shares).sum(axis=1)
    above = (draws * values).sum(axis=1)
    return np.divide(above, below, out=np.full(len(draws), np.nan), where=below > 0)


def interval(series, observations):
    """What was seen and the bounds of the draws; None where too few are judged."""
    if observations < SMALLEST_GROUP or np.isnan(series[0]):
        return None
    low, high = np.nanpercentile(series[1:], BOUNDS)
    return (*np.round([series[0], low, high], DIGITS), observations)


def judged(measured, groups, size):
    """All averages, in the form of SCHEMA, and the gains in NDCG of one way over another."""
    people, person = np.unique(measured["profile_id"].astype(str), return_inverse=True)
    rows = []
    if not len(people):
        return pd.DataFrame(rows, columns=list(SCHEMA))
    draws = drawn(len(people))
    measured = measured.assign(person=person)
    whole = {}
    for population, members in groups.groupby("population"):
        part = measured.merge(members[["window_number", "profile_id"]])
        for model, own in part.groupby("model"):
            series = {}
            for column, metric in MEASURES.items():
                known = own[own[column].notna()]
                series[metric] = (
                    ratios(draws, known["person"], known[column], np.ones(len(known))),
                    len(known),
                )
            promised = own[own["expected"].notna()]
            series["expected_over_observed"] = (
                ratios(draws, promised["person"], promised["expected"], promised["hits"]),
                len(promised),
            )
            if population == "all":
                whole[model] = series["ndcg"]
            for metric, (values, observations) in series.items():
                name = (
                    f"{metric}_at_{size}"
                    if metric in ("recall", "ndcg", "map", "hit_rate")
                    else metric
                )
                found = interval(values, observations)
                if found:
                    rows.append((model, name, population, *found))
    for model, (values, observations) in whole.items():
        for other in sorted(set(whole) - {model}):
            found = interval(values - whole[other][0], observations)
            if found:
                name = f"ndcg_gain_over_{other.removeprefix('recommendation_')}"
                rows.append((model, name, "all", *found))
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
    """dbt's entry: measures per person and the groups in, averages with intervals out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    table = judged(
        read(dbt.ref("int_personalize__recommendation_backtest")),
        read(dbt.ref("int_personalize__judged_groups")),
        size=int(settings["recommendations_per_profile"]),
    )
    return write(table, SCHEMA, session)
