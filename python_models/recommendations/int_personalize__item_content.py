"""Which products a new product resembles by its words, because nobody has bought it yet.

Cosine of TF-IDF vectors (Salton and Buckley 1988) of title, brand, category, subcategory and
description, cubed, so that a few close products say more than many distant ones. Only new products
are compared, a few at a time, with the whole catalogue, and the nearest of each are kept.
"""

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

NEAREST = 30
LEAST_COSINE = 0.2
POWER = 3
CHUNK = 256
MOST_WORDS = 50_000
# In a large catalogue a word of every fifth product tells little and costs most of the time.
LARGE, COMMON = 5_000, 0.2
DIGITS = 6
SCHEMA = {
    "product_number": "int64",
    "new_product_number": "int64",
    "similarity": "float64",
}


def vectors(words):
    """A sparse array of products x words, each row of length 1 (or 0: no words)."""
    learner = TfidfVectorizer(
        token_pattern=r"(?u)\b\w\w+\b",
        sublinear_tf=True,
        max_features=MOST_WORDS,
        max_df=COMMON if len(words) >= LARGE else 1.0,
        dtype=np.float32,
    )
    try:
        return sparse.csr_array(learner.fit_transform(words))
    except ValueError:  # not one word
        return sparse.csr_array((len(words), 1), dtype=np.float32)


def nearest(rows, columns, values, count):
    """The `count` largest values of each row; among equal ones the smaller column first."""
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    is_kept = np.arange(len(rows)) - np.searchsorted(rows, rows) < count
    return rows[is_kept], columns[is_kept], values[is_kept]


def item_content(products):
    """The nearest products of each new one, in the form of SCHEMA."""
    products = products.sort_values("product_number", ignore_index=True)
    numbers = products["product_number"].to_numpy(dtype=np.int64)
    new = np.flatnonzero(products["is_new"].to_numpy(dtype=bool))
    tables = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    weights = vectors(products["words"].astype(str).tolist()) if len(new) else None
    for start in range(0, len(new), CHUNK):
        rows = new[start : start + CHUNK]
        near = (weights[rows] @ weights.T).tocoo()
        is_near = (near.data >= LEAST_COSINE) & (rows[near.row] != near.col)
        own, other = rows[near.row[is_near]], near.col[is_near]
        values = np.round(near.data[is_near].astype(np.float64) ** POWER, DIGITS)
        own, other, values = nearest(own, other, values, NEAREST)
        columns = (numbers[other], numbers[own], values)
        tables.append(pd.DataFrame(dict(zip(SCHEMA, columns, strict=True))))
    return pd.concat(tables, ignore_index=True)


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: the words of products in, what new products resemble out."""
    dbt.config(materialized="table")
    return write(item_content(read(dbt.ref("int_personalize__product_texts"))), SCHEMA, session)
