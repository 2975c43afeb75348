"""Learns how much each level of agreement says: Fellegi and Sunter 1969, EM per blocking rule."""

import numpy as np
import pandas as pd

MIN_PAIRS = 200  # a rule that brings fewer pairs together teaches nothing
PRIOR_PAIRS = 20  # what the assumed m weighs, in pairs
ROUNDS = 200
TOLERANCE = 1e-6
START_SHARE = 0.3  # of the pairs of a rule that are matches, before anything was learnt
DIGITS = 12
SCHEMA = {
    "comparison": "string",
    "level_number": "int64",
    "level_name": "string",
    "m": "float64",
    "u": "float64",
    "matches": "float64",
    "learnt": "string",
}


def levels_of(patterns, width):
    """Patterns like 0|3|-1 as a matrix, one column per comparison."""
    if not len(patterns):
        return np.zeros((0, width), dtype=int)
    return np.array([pattern.split("|") for pattern in patterns]).astype(int)


def shares(levels, weights, prior):
    """The share of each level among pairs where both say something; the prior counts as pairs."""
    said = levels >= 0
    counts = np.bincount(levels[said], weights[said], len(prior)) + prior
    return counts / counts.sum()


def log_odds(levels, m, u):
    """For every pattern the sum over comparisons of ln(m / u) of its level."""
    total = np.zeros(len(levels))
    for place, (likely, chance) in enumerate(zip(m, u, strict=True)):
        total += np.append(np.log(likely / chance), 0.0)[levels[:, place]]
    return total


def posterior(odds, share):
    """Probability that pairs match, by their log odds and the share of matches."""
    return 1.0 / (1.0 + np.exp(-np.clip(odds + np.log(share / (1.0 - share)), -700, 700)))


def learnt(levels, pairs, assumed, u):
    """EM over the pairs of one rule with u given: m by comparison, and the matches found."""
    m, share = list(assumed), START_SHARE
    for _ in range(ROUNDS):
        matches = posterior(log_odds(levels, m, u), share) * pairs
        share = np.clip(matches.sum() / pairs.sum(), 1e-6, 1 - 1e-6)
        before = m
        m = [
            shares(levels[:, place], matches, PRIOR_PAIRS * prior)
            for place, prior in enumerate(assumed)
        ]
        if max(abs(new - old).max() for new, old in zip(m, before, strict=True)) < TOLERANCE:
            break
    return m, matches


def start_share(levels, pairs, m, u, records):
    """The share of matches among all pairs of records, at which as many are found as it says."""
    possible = max(records * (records - 1) / 2, 2.0)
    odds, share = log_odds(levels, m, u), 1.0 / possible
    for _ in range(ROUNDS):
        found = np.clip((posterior(odds, share) * pairs).sum() / possible, 1.0 / possible, 0.5)
        if abs(found - share) < TOLERANCE * share:
            break
        share = found
    return float(share)


def trained(patterns, comparison_levels):
    """The m and u of every level, and the share of matches as the row without a comparison."""
    rows = comparison_levels.sort_values(["comparison_number", "level_number"], kind="stable")
    assumed = [part["assumed_m"].to_numpy() for _, part in rows.groupby("comparison_number")]
    assumed = [part / part.sum() for part in assumed]
    samples = {
        name: (
            levels_of(part["pattern"].to_numpy(), len(assumed)),
            part["pairs"].to_numpy(dtype=float),
        )
        for name, part in patterns[patterns["pattern"] != ""].groupby("sampled_by")
    }
    nothing = (levels_of([], len(assumed)), np.zeros(0))
    by_chance, drawn = samples.pop("random", nothing)
    u = [
        shares(by_chance[:, place], drawn, np.full(len(prior), 0.5))
        for place, prior in enumerate(assumed)
    ]
    everything, pairs = samples.pop("all", nothing)
    counts = [PRIOR_PAIRS * prior for prior in assumed]
    for name in sorted(samples):
        levels, brought = samples[name]
        if brought.sum() < MIN_PAIRS:
            continue
        _, matches = learnt(levels, brought, assumed, u)
        for place in range(len(assumed)):
            said = levels[:, place] >= 0
            counts[place] = counts[place] + np.bincount(
                levels[said, place], matches[said], len(assumed[place])
            )
    m = [count / count.sum() for count in counts]
    records = float(patterns.loc[patterns["sampled_by"] == "records", "pairs"].sum())
    share = start_share(everything, pairs, m, u, records)
    result = rows[["comparison", "level_number", "level_name"]].copy()
    result["m"], result["u"] = np.concatenate(m), np.concatenate(u)
    result["matches"] = np.concatenate(counts)
    start = {"comparison": "", "level_number": 0, "level_name": "start", "m": share}
    found = float((posterior(log_odds(everything, m, u), share) * pairs).sum())
    start = pd.DataFrame([{**start, "u": 1.0 - share, "matches": found}])
    return pd.concat([start, result], ignore_index=True).round(
        {"m": DIGITS, "u": DIGITS, "matches": 3}
    )


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def period(limits):
    """The time for which parameters are learnt, and what they are learnt with, as one text."""
    return " ".join(str(limits[column].max()) for column in ("learnt_at", "learnt_with"))


def last_time(this, session):
    """The rows the model gave when it was last built; none where it never was."""
    found = session.sql(
        "select count(*) as found from information_schema.tables"
        f" where lower(table_catalog) = lower('{this.database}')"
        f" and lower(table_schema) = lower('{this.schema}')"
        f" and lower(table_name) = lower('{this.identifier}')"
    )
    if not read(found)["found"].sum():
        return pd.DataFrame(columns=list(SCHEMA))
    return read(session.sql(f"select * from {this}"))


def model(dbt, session):
    """dbt's entry: counted patterns and the levels in, m and u out; read only when they are due."""
    dbt.config(materialized="table")
    due = period(read(dbt.ref("int_personalize__match_limits")))
    known = last_time(dbt.this, session)
    if set(known.get("learnt", [])) == {due}:
        return write(known, SCHEMA, session)
    patterns = read(dbt.ref("int_personalize__match_patterns"))
    levels = read(dbt.ref("int_personalize__match_levels"))
    patterns = patterns.sort_values(["sampled_by", "pattern"], kind="stable")
    return write(trained(patterns, levels).assign(learnt=due), SCHEMA, session)
