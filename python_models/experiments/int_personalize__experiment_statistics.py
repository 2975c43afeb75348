"""Tests the counted outcomes of experiments: independence, sample ratio, difference."""

import numpy as np
import pandas as pd
from scipy.stats import binomtest, chi2_contingency, chisquare

MIN_EXPECTED = 5  # Cochran 1954: below this expected count the chi-square distribution is no guide
MIN_EXPOSED = 8  # people per variation, on average, before the sample ratio is judged
CONFIDENCE = 0.95
DIGITS = 10
SCHEMA = {
    "experiment_id": "string",
    "variation_id": "string",
    "metric": "string",
    "difference": "float64",
    "ci_low": "float64",
    "ci_high": "float64",
    "chi_square": "float64",
    "p_value": "float64",
    "srm_p_value": "float64",
}


def independence(users, conversions):
    """Pearson's chi-square and p-value of converting or not by variation; NaN where it fails."""
    table = np.array([conversions, users - conversions])[:, users > 0]
    if table.shape[1] < 2 or (table.sum(axis=1) == 0).any():
        return np.nan, np.nan
    result = chi2_contingency(table, correction=False)
    if result.expected_freq.min() < MIN_EXPECTED:
        return np.nan, np.nan
    return float(result.statistic), float(result.pvalue)


def sample_ratio(exposed, shares):
    """P-value of a split at least as uneven if people are drawn by the shares (goodness of fit)."""
    drawn = shares > 0
    if exposed[~drawn].sum() > 0:
        return 0.0
    if drawn.sum() < 2 or exposed.sum() < MIN_EXPOSED * drawn.sum():
        return np.nan
    expected = exposed.sum() * shares[drawn] / shares[drawn].sum()
    return float(chisquare(exposed[drawn], expected).pvalue)


def difference(conversions, users, baseline_conversions, baseline_users):
    """Difference of two shares and its interval: hybrid score, Newcombe 1998, method 10."""
    if users == 0 or baseline_users == 0:
        return np.nan, np.nan, np.nan
    one, two = conversions / users, baseline_conversions / baseline_users
    (low, high), (baseline_low, baseline_high) = (
        binomtest(int(hits), int(people)).proportion_ci(CONFIDENCE, method="wilson")
        for hits, people in ((conversions, users), (baseline_conversions, baseline_users))
    )
    below = np.hypot(one - low, baseline_high - two)
    above = np.hypot(high - one, two - baseline_low)
    return one - two, one - two - below, one - two + above


def judged(cells):
    """The cells of one experiment and metric with their statistics; declared variations only."""
    out = cells.copy()
    users, conversions = out["users"].to_numpy(), out["conversions"].to_numpy()
    out["chi_square"], out["p_value"] = independence(users, conversions)
    out["srm_p_value"] = sample_ratio(out["exposed_users"].to_numpy(), out["share"].to_numpy())
    baseline = out[out["is_baseline"]].iloc[0]
    rows = [
        (np.nan, np.nan, np.nan)
        if row.is_baseline
        else difference(row.conversions, row.users, baseline["conversions"], baseline["users"])
        for row in out.itertuples()
    ]
    out[["difference", "ci_low", "ci_high"]] = np.array(rows)
    return out


def statistics(cells):
    """A row of statistics for each declared variation and metric."""
    keys = ["experiment_id", "metric"]
    declared = cells[cells["share"].notna()].sort_values([*keys, "variation_id"])
    tables = [judged(group) for _, group in declared.groupby(keys)]
    table = pd.concat(tables) if tables else declared
    return table.reindex(columns=list(SCHEMA)).round(DIGITS)


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: the counted cells in, their statistics out."""
    dbt.config(materialized="table")
    return write(statistics(read(dbt.ref("int_personalize__experiment_cells"))), SCHEMA, session)
