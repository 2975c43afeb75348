"""Learns where each product lies among the tastes: a vector of a few numbers, of length 1.

With people's products X (1 or 0), a person's number of products d_u, a product's of people d_i,
their means m and the first right singular vectors V of

    (D_u + m_u)^-0.5 X (D_i + m_i)^-0.5        vector(i) = V_i / |V_i|

so that the product of two vectors is their cosine. It is PureSVD (Cremonesi, Koren and Turrin 2010)
on the matrix of spectral co-clustering (Dhillon 2001); the means keep dimensions from going to the
few products of a few people who share none with others (Qin and Rohe 2013). Small shops get fewer
dimensions. The largest entry of each dimension is positive.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import sparse

FEWEST_PER_VECTOR = 8  # products and people
SHORTEST = 1e-4  # of a product that lies outside of all dimensions, only noise is left
EXTRA_VECTORS, ROUNDS = 32, 3
BLOCK = 32
WORKERS = 2
DIGITS = 6
SCHEMA = {
    "product_number": "int64",
    "dimension": "int64",
    "value": "float64",
}


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


def item_vectors(has, count):
    """Products x dimensions from a CSR array people x products; a row of 0s: nothing is known."""
    people, products = np.diff(has.indptr), np.bincount(has.indices, minlength=has.shape[1])
    by_person, by_product = ((number + number.mean()) ** -0.5 for number in (people, products))
    normal = has.astype(np.float64)  # in 32 bits the sixth digit would move from run to run
    normal.data = np.repeat(by_person, people) * by_product[has.indices]
    vectors = singular_vectors(normal, count)
    largest = np.abs(vectors).argmax(axis=0)
    vectors *= np.sign(vectors[largest, np.arange(count)])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(lengths > SHORTEST, vectors / np.maximum(lengths, SHORTEST), 0.0).round(DIGITS)


def learnt(interactions, dimensions):
    """The vectors of the products that people have to do with today, in the form of SCHEMA."""
    today = interactions[interactions["window_number"] == 0]
    people, rows = np.unique(today["profile_number"], return_inverse=True)
    numbers, columns = np.unique(today["product_number"], return_inverse=True)
    count = min(dimensions, min(len(people), len(numbers)) // FEWEST_PER_VECTOR)
    if count < 1:
        return pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)
    has = sparse.csr_array(
        (np.ones(len(today)), (rows, columns)), shape=(len(people), len(numbers))
    )
    has.sort_indices()
    vectors = item_vectors(has, count)
    known = np.flatnonzero(vectors.any(axis=1))
    table = {
        "product_number": np.repeat(numbers[known], count),
        "dimension": np.tile(np.arange(1, count + 1), len(known)),
        "value": vectors[known].ravel(),
    }
    return pd.DataFrame(table)


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: who has to do with what in, a vector of each product out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    table = learnt(
        read(dbt.ref("int_personalize__learnt_interactions")),
        dimensions=int(settings["embedding_dimensions"]),
    )
    return write(table, SCHEMA, session)
