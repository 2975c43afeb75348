"""Learns which products belong together, from who had to do with which.

For products i and j with d_i and d_j people, and people u with d_u products each,

    similarity(i, j) = sum over u who have both of d_u^-0.7  /  (d_i^0.7 * d_j^0.4)

so that people with long lists and products that everybody has say less. The exponents are those
of the comparison in docs/benchmarks.md. Of each product i the nearest neighbours j are kept.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import sparse

PERSON_EXPONENT = 0.7
SOURCE_EXPONENT = 0.7
TARGET_EXPONENT = 0.4
DIGITS = 9
CHUNK = 256
WORKERS = 2
SCHEMA = {
    "window_number": "int64",
    "product_number": "int64",
    "similar_product_number": "int64",
    "similarity": "float64",
    "similarity_rank": "int64",
}


def power(degrees, exponent):
    """degrees ** -exponent, and 0 where there is nothing."""
    return np.where(degrees > 0, np.maximum(degrees, 1.0) ** -exponent, 0.0)


def largest_per_row(matrix, count):
    """The `count` largest entries of each row of a CSR array: rows, columns, rounded values, ranks.

    Among equal values the smaller column comes first, in whatever order the array holds them. A
    long row is cut into parts first: `count` entries reach the count-th largest of their maxima.
    """
    lengths, parts, unit = np.diff(matrix.indptr), 2 * count, 10.0**-DIGITS
    cut = np.zeros(len(lengths))
    long = np.flatnonzero(lengths >= 2 * parts)
    if len(long):
        edges = matrix.indptr[long, None] + lengths[long, None] * np.arange(parts + 1) // parts
        largest = np.maximum.reduceat(matrix.data, np.minimum(edges, matrix.nnz - 1).ravel())
        largest = largest.reshape(edges.shape)[:, :-1]
        cut[long] = np.partition(largest, count, axis=1)[:, count]
    kept = np.flatnonzero(matrix.data >= np.repeat(np.maximum(cut - unit, unit / 2), lengths))
    ends = np.searchsorted(kept, matrix.indptr)
    rows = np.repeat(np.arange(len(lengths), dtype=np.int32), np.diff(ends))
    columns, values = matrix.indices[kept], matrix.data[kept].round(DIGITS)
    height, width = np.rint(values.max(initial=0.0) / unit) + 1, matrix.shape[1]
    if height * width * len(lengths) < 2.0**62:  # rows, values and columns fit into one number
        places = (rows.astype(np.int64) + 1) * int(height) - np.rint(values / unit).astype(np.int64)
        order = np.argsort(places * width + columns)
    else:
        order = np.lexsort((columns, -values, rows))
    columns, values = columns[order], values[order]  # the rows stay where they are
    ranks = np.arange(len(rows)) - np.repeat(ends[:-1], np.diff(ends)) + 1
    wanted = (ranks <= count) & (values > 0)
    return rows[wanted], columns[wanted], values[wanted], ranks[wanted]


def item_graph(has, is_target, neighbours, min_common):
    """Products, similar products, similarities and ranks from a CSR array people x products of 1s.

    Only targets are offered as neighbours, and only pairs which at least `min_common` people have
    in common.
    """
    person_weights = power(np.diff(has.indptr), PERSON_EXPONENT)
    degrees = np.bincount(has.indices, minlength=has.shape[1])
    targets = np.flatnonzero(is_target).astype(np.int32)
    from_source, to_target = power(degrees, SOURCE_EXPONENT), power(degrees, TARGET_EXPONENT)
    # One product of whole numbers gives both, exactly and in any order of people: they are counted
    # in the upper bits, and their weights summed in the lower.
    width = int(degrees.max(initial=1)).bit_length()
    digits = 62 - 2 * width
    one = 1 << (digits + width)
    has = sparse.csr_array(
        (has.data.astype(np.int64), has.indices.astype(np.int32), has.indptr.astype(np.int32)),
        shape=has.shape,
    )
    sources, offered = has.T.tocsr(), has[:, targets]
    sources.data = np.rint(person_weights * 2.0**digits).astype(np.int64)[sources.indices] + one

    def neighbours_of(start):
        """The part of the graph that starts at some products."""
        together = sources[start : start + CHUNK] @ offered
        kept = np.flatnonzero(together.data >= one * max(1, min_common))
        ends = np.searchsorted(kept, together.indptr).astype(np.int32)
        rows = np.repeat(np.arange(start, start + len(ends) - 1, dtype=np.int32), np.diff(ends))
        columns = targets[together.indices[kept]]
        weights = (together.data[kept] & (one - 1)) * 2.0**-digits
        values = np.where(columns == rows, 0.0, weights * from_source[rows] * to_target[columns])
        near = sparse.csr_array((values, columns, ends), shape=(len(ends) - 1, len(degrees)))
        rows, columns, values, ranks = largest_per_row(near, neighbours)
        return rows + start, columns, values, ranks

    with ThreadPoolExecutor(WORKERS) as pool:
        parts = list(pool.map(neighbours_of, range(0, has.shape[1], CHUNK)))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def similar_products(interactions, products, neighbours, min_common):
    """The graphs of all windows as one long table, from the numbered interactions and products."""
    size = int(products["product_number"].max()) + 1 if len(products) else 0
    is_target = np.zeros(size, dtype=bool)
    is_target[products["product_number"]] = products["is_recommendable"].astype(bool)
    graphs = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    history = interactions[interactions["is_history"].astype(bool)]
    for window, part in history.groupby("window_number"):
        people, rows = np.unique(part["profile_number"], return_inverse=True)
        has = sparse.csr_array(
            (np.ones(len(part)), (rows, part["product_number"])), shape=(len(people), size)
        )
        columns = item_graph(has, is_target, neighbours, min_common)
        graph = pd.DataFrame(dict(zip(list(SCHEMA)[1:], columns, strict=True)))
        graphs.append(graph.assign(window_number=window))
    return pd.concat(graphs, ignore_index=True)


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: interactions and products in, their similarity out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    graph = similar_products(
        read(dbt.ref("int_personalize__learnt_interactions")),
        read(dbt.ref("int_personalize__numbered_products")),
        neighbours=int(settings["similar_products_per_product"]),
        min_common=int(settings["similar_min_common_profiles"]),
    )
    return write(graph, SCHEMA, session)
