"""Trains the purchase and churn predictions; what is learnt leaves as one long table of numbers.

Window 1 is the latest finished one and judges; the windows before it train. Of those, the latest
chooses the strength of the regularisation and calibrates (Platt 1999), and the ones before it fit.
Every candidate is then refitted on all finished windows, so that SQL can decide which one scores.
"""

import hashlib

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

PREDICTIONS = ("purchase", "churn")
KEYS = ("window_number", "profile_id", "recency_bucket", *PREDICTIONS)
PENALTIES = (1.0, 0.1, 0.01, 0.001)  # on half the squared weights, beside the mean log loss
PRIOR_WEIGHT = (
    10.0  # a recency bucket's rate counts as much as the base rate once it holds this many people
)
DIGITS = 10
SCHEMA = {
    "prediction": "string",
    "candidate": "string",
    "kind": "string",
    "term": "string",
    "value": "float64",
    "model_version": "string",
}


def fit_logistic(x, y, penalty):
    """The terms of an L2-regularised logistic regression on standardised features."""
    mean = np.round(x.mean(axis=0), DIGITS)
    deviation = x.std(axis=0)
    scale = np.round(np.where(deviation > 1e-6, deviation, 1.0), DIGITS)
    model = LogisticRegression(
        C=1 / (penalty * len(y)), solver="newton-cholesky", tol=1e-10, max_iter=200
    )
    model.fit((x - mean) / scale, y)
    return {
        "mean": mean,
        "scale": scale,
        "coefficient": np.round(model.coef_[0], DIGITS),
        "intercept": round(float(model.intercept_[0]), DIGITS),
    }


def log_odds(terms, x):
    """What a fitted regression says before calibration."""
    return ((x - terms["mean"]) / terms["scale"]) @ terms["coefficient"] + terms["intercept"]


def fit_platt(z, y):
    """Slope and intercept that calibrate log-odds (Platt 1999) of rows that were not fitted on."""
    model = LogisticRegression(C=1e6, solver="newton-cholesky", tol=1e-10, max_iter=200)
    model.fit(z.reshape(-1, 1), y)
    return round(float(model.coef_[0, 0]), DIGITS), round(float(model.intercept_[0]), DIGITS)


def probability(terms, x):
    """Calibrated probability of each row."""
    return expit(terms["slope"] * log_odds(terms, x) + terms["shift"])


def fit_calibrated(x, y, is_calibration, penalty):
    """Terms fitted on all rows, calibrated on rows first held back, and the log loss of those."""
    earlier = fit_logistic(x[~is_calibration], y[~is_calibration], penalty)
    z = log_odds(earlier, x[is_calibration])
    slope, shift = fit_platt(z, y[is_calibration])
    loss = log_loss(y[is_calibration], expit(slope * z + shift), labels=[0, 1])
    return fit_logistic(x, y, penalty) | {"slope": slope, "shift": shift}, loss


def bucket_rates(buckets, y):
    """Share of positives per recency bucket, drawn to the base rate where few people are in it."""
    base = float(y.mean())
    counts = pd.DataFrame({"bucket": buckets, "y": y}).groupby("bucket")["y"].agg(["sum", "count"])
    rates = (counts["sum"] + PRIOR_WEIGHT * base) / (counts["count"] + PRIOR_WEIGHT)
    return {"any": round(base, DIGITS)} | {
        name: round(rate, DIGITS) for name, rate in rates.items()
    }


def top_decile_lift(y, p):
    """Share of positives in the tenth with the highest scores over that in all; ties share."""
    size = int(np.ceil(len(y) / 10))
    edge = np.sort(p)[::-1][size - 1]
    above, tied = p > edge, p == edge
    hits = y[above].sum() + (size - above.sum()) * y[tied].mean()
    return float(hits / size / y.mean())


def metrics(y, p):
    """How well p ranks (ROC-AUC, average precision, lift) and how true it is (Brier, log loss)."""
    return {
        "roc_auc": roc_auc_score(y, p),
        "average_precision": average_precision_score(y, p),
        "top_decile_lift": top_decile_lift(y, p),
        "brier": brier_score_loss(y, p),
        "log_loss": log_loss(y, p, labels=[0, 1]),
        "expected_over_observed": float(np.mean(p) / np.mean(y)),
    }


def is_enough(part, y, min_positives):
    """Whether a part of the rows holds at least so many of either answer."""
    return min(y[part].sum(), (1 - y[part]).sum()) >= min_positives


def candidates(rows, target, features, min_profiles, min_positives):
    """Every candidate's numbers as (candidate, kind, term, value)."""
    y = rows[target].to_numpy(dtype=float)
    window = rows["window_number"].to_numpy()
    buckets = rows["recency_bucket"].to_numpy()
    judged, training = window == 1, window > 1
    calibration = training & (window == window[training].min(initial=2**31 - 1))
    if len(y) == 0:
        return
    for bucket, rate in bucket_rates(buckets, y).items():
        yield "recency_bucket", "bucket_rate", bucket, rate
    if training.any() and judged.any() and 0 < y[judged].sum() < judged.sum():
        rates = bucket_rates(buckets[training], y[training])
        p = np.array([rates.get(bucket, rates["any"]) for bucket in buckets[judged]])
        for metric, value in metrics(y[judged], np.clip(p, 1e-6, 1 - 1e-6)).items():
            yield "recency_bucket", "metric", metric, value
        yield "recency_bucket", "metric", "observations", judged.sum()

    parts = (training & ~calibration, calibration, judged)
    if rows.loc[training, "profile_id"].nunique() < min_profiles:
        return
    if not all(is_enough(part, y, min_positives) for part in parts):
        return
    x = rows[features].to_numpy(dtype=float)
    for penalty in PENALTIES:
        name = f"logistic_l2_{penalty:g}"
        terms, loss = fit_calibrated(x[training], y[training], calibration[training], penalty)
        yield name, "hyper_parameter", "l2", penalty
        yield name, "validation", "log_loss", loss
        for metric, value in metrics(y[judged], probability(terms, x[judged])).items():
            yield name, "metric", metric, value
        yield name, "metric", "observations", judged.sum()

        terms, _ = fit_calibrated(x, y, judged, penalty)
        for kind in ("mean", "scale", "coefficient"):
            for feature, value in zip(features, terms[kind], strict=True):
                yield name, kind, feature, value
        yield name, "coefficient", "intercept", terms["intercept"]
        yield name, "calibration", "slope", terms["slope"]
        yield name, "calibration", "intercept", terms["shift"]


def versions(table):
    """A version for each row's candidate: its name and a digest of what scores, to 6 digits."""
    scoring = table[
        table["kind"].isin(["mean", "scale", "coefficient", "calibration", "bucket_rate"])
    ]
    text = (
        scoring["kind"]
        + ":"
        + scoring["term"]
        + "="
        + scoring["value"].map(lambda value: f"{value + 0.0:.6f}")
    )
    digests = text.groupby([scoring["prediction"], scoring["candidate"]]).agg(
        lambda lines: hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]
    )
    keys = zip(table["prediction"], table["candidate"], strict=True)
    return [f"{key[0]}-{key[1]}-{digests[key]}" for key in keys]


def train(frame, min_profiles, min_positives):
    """The long table of all predictions."""
    frame = frame.sort_values(
        ["window_number", "profile_id"], ascending=[False, True], kind="stable"
    )
    features = [column for column in frame.columns if column not in KEYS]
    table = [
        (prediction, *row)
        for prediction in PREDICTIONS
        for row in candidates(
            frame[frame[prediction].notna()], prediction, features, min_profiles, min_positives
        )
    ]
    table = pd.DataFrame(table, columns=list(SCHEMA)[:-1])
    table["value"] = table["value"].astype(float).round(DIGITS)
    return table.assign(model_version=versions(table) if len(table) else [])


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: the training set in, the long table of terms out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    table = train(
        read(dbt.ref("int_personalize__prediction_training_set")),
        min_profiles=int(settings["prediction_min_profiles"]),
        min_positives=int(settings["prediction_min_positives"]),
    )
    return write(table, SCHEMA, session)
