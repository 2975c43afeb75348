"""How easily this run is told from the earlier ones, by an isolation forest per input.

Random cuts part an unusual point from the others in few steps, also where no single number is far
off (Liu, Ting and Zhou 2008). The earlier runs grow the forest and this run is scored by it.
"""

import pandas as pd
from sklearn.ensemble import IsolationForest

TREES = 200
SEED = 20260501
DIGITS = 6
SCHEMA = {
    "source_table": "string",
    "runs": "int64",
    "score": "float64",
    "highest_earlier_score": "float64",
    "leading_measure": "string",
}


def vectors(rows):
    """One row per run, this one last, and one column per measure that all of them have seen."""
    names = rows["measure"] + (" " + rows["subject"]).where(rows["subject"] != "", "")
    table = rows.assign(name=names).pivot(index="run_number", columns="name", values="value")
    return table.sort_index(ascending=False).dropna(axis="columns")


def leading(earlier, now):
    """The measure that lies furthest from the earlier runs' mean, in their standard deviations."""
    distance = (now - earlier.mean()).abs() / earlier.std(ddof=0)
    return distance.where(earlier.std(ddof=0) > 0, -1).round(DIGITS).idxmax()


def isolation(earlier, now):
    """The isolation score of this run and the highest of the earlier ones, each from 0 to 1."""
    forest = IsolationForest(n_estimators=TREES, max_samples=min(256, len(earlier)))
    forest.set_params(random_state=SEED).fit(earlier.to_numpy())
    score, *others = -forest.score_samples(pd.concat([now.to_frame().T, earlier]).to_numpy())
    return score, max(others)


def judge(rows, min_runs):
    """One row per input that this run and enough earlier ones have measured."""
    found = []
    for source_table, part in rows.groupby("source_table"):
        table = vectors(part)
        if len(table) <= min_runs or table.index[-1] != 0 or table.shape[1] == 0:
            continue
        earlier, now = table.iloc[:-1], table.iloc[-1]
        found.append((source_table, len(earlier), *isolation(earlier, now), leading(earlier, now)))
    return pd.DataFrame(found, columns=list(SCHEMA)).round(DIGITS)


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: what the last runs measured in, how unusual this run is out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    rows = read(dbt.ref("int_personalize__run_measures"))
    return write(judge(rows, int(settings["unusual_run_min_runs"])), SCHEMA, session)
