"""Learns what speaks for a product in the large: the ideal low-pass filter of who has what.

With people's products X, people of d_u and products of d_i, and the first singular vectors V of

    D_u^-0.5 X D_i^-0.5        filter(i, j) = 0.2 * (V V')_ij * d_j^0.5 / d_i^0.5

which keeps what many people's tastes have in common and leaves the rest to SLIM, to whose weights
these are added. It is the filter of GF-CF (CIKM 2021) and BSPM (SIGIR 2023), from where the share
and the number of vectors are; small shops get fewer. Of each product i the largest are kept.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import sparse

SHARE = 0.2
REACH = 2  # times as many as are asked for
VECTORS = 448
FEWEST_PER_VECTOR = 16  # products and people
EXTRA_VECTORS, ROUNDS = 32, 3
BLOCK = 32
CHUNK = 512
WORKERS = 2
DIGITS = 6
SCHEMA = {
    "window_number": "int64",
    "product_number": "int64",
    "similar_product_number": "int64",
    "similarity": "float64",
}


def power(degrees, exponent):
    """degrees ** -exponent, and 0 where there is nothing."""
    return np.where(degrees > 0, np.maximum(degrees, 1.0) ** -exponent, 0.0)


def times(matrix, vectors):
    """A sparse matrix times many vectors, some of them at a time."""

    def part(start):
        return matrix @ np.ascontiguousarray(vectors[:, start : start + BLOCK])

    with ThreadPoolExecutor(WORKERS) as pool:
        return np.hstack(list(pool.map(part, range(0, vectors.shape[1], BLOCK))))


def singular_vectors(matrix, count):
    """The first right singular vectors, by rounds of multiplying a random start (Halko 2011)."""
    back = matrix.T.tocsr()
    width = min(count + EXTRA_VECTORS, *matrix.shape)
    start = np.random.default_rng(0).standard_normal((matrix.shape[1], width), dtype=matrix.dtype)
    basis = np.linalg.qr(start)[0]
    for _ in range(ROUNDS):
        basis = np.linalg.qr(times(back, times(matrix, basis)))[0]
    seen = times(matrix, basis)
    _, turned = np.linalg.eigh((seen.T @ seen).astype(np.float64))
    return basis @ turned[:, ::-1][:, :count].astype(matrix.dtype)


def item_filter(has, is_target, neighbours, vectors):
    """Products, what they speak for and the weights, from a CSR array people x products of 1s."""
    degrees, count = np.bincount(has.indices, minlength=has.shape[1]), REACH * neighbours
    by_person, by_product = power(np.diff(has.indptr), 0.5), power(degrees, 0.5)
    normal = has.astype(np.float64)  # in 32 bits the last digits could move between runs
    normal.data = np.repeat(by_person, np.diff(has.indptr)) * by_product[has.indices]
    basis = singular_vectors(normal, vectors)
    targets, parts = np.flatnonzero(is_target), 2 * count
    width = -(-len(targets) // parts)
    source = (SHARE * by_product[:, None] * basis).astype(np.float32)
    target = np.zeros((basis.shape[1], parts * width), dtype=np.float32)
    target[:, : len(targets)] = (basis[targets] * np.sqrt(degrees[targets])[:, None]).T
    own = np.full(len(degrees), -1)
    own[targets] = np.arange(len(targets))

    def part(start):
        """What some products speak for: whatever the largest of its parts do not leave behind."""
        weights = source[start : start + CHUNK] @ target
        itself = own[start : start + CHUNK]
        weights[np.flatnonzero(itself >= 0), itself[itself >= 0]] = 0.0
        largest = weights.reshape(len(weights), parts, width).max(axis=2)
        cut = np.partition(largest, count, axis=1)[:, count]
        rows, columns = np.nonzero(weights >= np.maximum(cut, 10.0**-DIGITS)[:, None])
        values = weights[rows, columns].astype(np.float64).round(DIGITS)
        order = np.lexsort((columns, -values, rows))
        rows, columns, values = rows[order], columns[order], values[order]
        kept = np.arange(len(rows)) - np.searchsorted(rows, rows) < count
        return rows[kept] + start, targets[columns[kept]], values[kept]

    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(part, range(0, len(degrees), CHUNK)))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def learnt(interactions, products, neighbours):
    """The weights of all windows as one long table."""
    size = int(products["product_number"].max()) + 1 if len(products) else 0
    is_target = np.zeros(size, dtype=bool)
    is_target[products["product_number"]] = products["is_recommendable"].astype(bool)
    tables = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    history = interactions[interactions["is_history"].astype(bool)]
    for window, part in history.groupby("window_number"):
        people, rows = np.unique(part["profile_number"], return_inverse=True)
        has = sparse.csr_array(
            (np.ones(len(part)), (rows, part["product_number"])), shape=(len(people), size)
        )
        has.sort_indices()
        vectors = min(VECTORS, min(has.shape) // FEWEST_PER_VECTOR)
        if vectors > 0 and np.any(is_target):
            columns = item_filter(has, is_target, neighbours, vectors)
            table = pd.DataFrame(dict(zip(list(SCHEMA)[1:], columns, strict=True)))
            tables.append(table.assign(window_number=window))
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
    """dbt's entry: interactions and products in, what speaks for which product in the large out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    interactions = read(dbt.ref("int_personalize__learnt_interactions"))
    if settings["similar_method"] != "slim_and_filter":
        interactions = interactions[:0]
    table = learnt(
        interactions,
        read(dbt.ref("int_personalize__numbered_products")),
        neighbours=int(settings["similar_products_per_product"]),
    )
    return write(table, SCHEMA, session)
