"""Learns what people turn to after what: the sequence of products, not only their company.

For product i before product j in a person's history of n products, g places apart,

    weight(i, j) = sum over such pairs of exp(-(g - 1) / 5) / sqrt(n),  half as much for j before i
    transition(i, j) = weight(i, j) / (d_i^0.5 * d_j^b)

over products with d people each. What happened at one time counts in full both ways. A person's
next product is looked for from the last ones, each older step counting exp(-1 / memory) of the
one after it. b and memory are chosen in the run: the last product of some people is hidden, and
the pair that finds most of them again is taken.
"""

import numpy as np
import pandas as pd
from scipy import sparse

PLACES_APART, DECAY_PLACES, BACKWARDS = 10, 5.0, 0.5
SOURCE_EXPONENT = 0.5
EXPONENTS, MEMORIES = (0.2, 0.35, 0.5), (2.0, 1.0, 4.0)
JUDGES, JUDGED_PLACES = 4000, 10
CELLS = 20_000_000  # of people x products that are held at once while judging
DIGITS = 9
SCHEMA = {
    "window_number": "int64",
    "product_number": "int64",
    "next_product_number": "int64",
    "transition": "float64",
    "transition_rank": "int64",
    "memory_steps": "float64",
}


def pair_weights(people, products, steps_back, size):
    """The weights of all pairs as a CSR array, from rows in the order of time, person by person."""
    starts = np.searchsorted(people, people, side="left")
    lengths = np.searchsorted(people, people, side="right") - starts
    shape, total = (size, size), sparse.csr_array((size, size))
    for apart in range(1, min(PLACES_APART, len(people) - 1) + 1):
        before, after = slice(None, -apart), slice(apart, None)
        values = np.exp(-(apart - 1) / DECAY_PLACES) / np.sqrt(lengths[after])
        values = np.where(people[before] == people[after], values, 0.0)
        pair = (products[before], products[after])
        back = np.where(steps_back[before] == steps_back[after], 1.0, BACKWARDS)
        total = total + sparse.csr_array((values, pair), shape=shape)
        total = total + sparse.csr_array((values * back, pair[::-1]), shape=shape)
    total.eliminate_zeros()
    return total


def common_people(people, products, size):
    """How many people have both of two products, as a CSR array."""
    number = np.unique(people, return_inverse=True)[1]
    has = sparse.csr_array((np.ones(len(people)), (number, products)), shape=(len(people), size))
    return (has.T @ has).tocsr()


def transitions(weights, degrees, exponent):
    """The pair weights by the degrees of both products."""
    scale = np.maximum(degrees, 1.0)
    left = sparse.diags_array(scale**-SOURCE_EXPONENT)
    return (left @ weights @ sparse.diags_array(scale**-exponent)).tocsr()


def last_products(rows, products, steps_back, memory, shape):
    """People x products: 1 for the last step, exp(-1 / memory) of the one after it for others."""
    values = np.exp(-(steps_back - 1) / memory)
    return sparse.csr_array((values, (rows, products)), shape=shape)


def hidden_places(scores, history, wanted):
    """The place, from 0, of each row's wanted product among those not in its history."""
    scores = scores.toarray().round(DIGITS)
    scores[history.nonzero()] = -1.0
    own = scores[np.arange(len(wanted)), wanted][:, None]
    earlier = np.arange(scores.shape[1]) < wanted[:, None]
    places = (scores > own).sum(axis=1) + ((scores == own) & earlier).sum(axis=1)
    return np.where(own[:, 0] > 0, places, scores.shape[1])


def chosen(people, products, steps_back, size):
    """The exponent, then the memory, that find most of the last products that are hidden."""
    first = np.flatnonzero(np.r_[True, people[1:] != people[:-1]])
    last = np.r_[first[1:], len(people)] - 1
    last = last[last - first >= 2]
    if len(last) < 50:
        return EXPONENTS[0], MEMORIES[0]
    last = last[:: -(-len(last) // JUDGES)]
    is_left = np.ones(len(people), dtype=bool)
    is_left[last] = False
    weights = pair_weights(people[is_left], products[is_left], steps_back[is_left], size)
    degrees = np.bincount(products[is_left], minlength=size)
    row_of = np.full(people.max() + 1, -1)
    row_of[people[last]] = np.arange(len(last))
    rows = row_of[people]
    shown = is_left & (rows >= 0)
    shape = (len(last), size)
    batch = max(1, CELLS // size)

    def quality(exponent, memory):
        """The mean of 1 / log2(1 + place) of the hidden products, 0 beyond the judged places."""
        history = last_products(rows[shown], products[shown], steps_back[shown], memory, shape)
        scores = history @ transitions(weights, degrees, exponent)
        places = np.concatenate(
            [
                hidden_places(scores[at], history[at], products[last[at]])
                for at in (slice(at, at + batch) for at in range(0, len(last), batch))
            ]
        )
        gains = np.where(places < JUDGED_PLACES, 1 / np.log2(places + 2.0), 0.0)
        return round(float(gains.mean()), DIGITS)

    exponent = max(EXPONENTS, key=lambda exponent: quality(exponent, MEMORIES[0]))
    return exponent, max(MEMORIES, key=lambda memory: quality(exponent, memory))


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


def item_transitions(people, products, steps_back, is_wanted, count, min_common):
    """Products, next ones, transitions, ranks and the memory, from rows in the order of time."""
    size = len(is_wanted)
    exponent, memory = chosen(people, products, steps_back, size)
    weights = pair_weights(people, products, steps_back, size)
    if min_common > 1:
        weights = weights.multiply(common_people(people, products, size) >= min_common).tocsr()
    matrix = transitions(weights, np.bincount(products, minlength=size), exponent)
    matrix = (matrix @ sparse.diags_array(is_wanted.astype(float))).tocsr()
    matrix.setdiag(0.0)
    rows, columns, values, ranks = largest_per_row(matrix, count)
    return rows, columns, values, ranks, np.full(len(rows), memory)


def learnt(interactions, products, count, min_common):
    """The transitions of all windows as one long table."""
    size = int(products["product_number"].max()) + 1 if len(products) else 0
    is_wanted = np.zeros(size, dtype=bool)
    is_wanted[products["product_number"]] = products["is_recommendable"].astype(bool)
    history = interactions[interactions["is_history"].astype(bool)].sort_values(
        ["window_number", "profile_number", "steps_back", "product_number"],
        ascending=[True, True, False, True],
    )
    tables = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    for window, part in history.groupby("window_number"):
        names = ("profile_number", "product_number", "steps_back")
        people, numbers, steps = (part[name].to_numpy(dtype=np.int64) for name in names)
        columns = item_transitions(people, numbers, steps, is_wanted, count, min_common)
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
    """dbt's entry: interactions and products in, what follows what out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    interactions = read(dbt.ref("int_personalize__learnt_interactions"))
    if settings["complement_method"] != "sequence":
        interactions = interactions[:0]
    table = learnt(
        interactions,
        read(dbt.ref("int_personalize__numbered_products")),
        count=int(settings["similar_products_per_product"]),
        min_common=int(settings["similar_min_common_profiles"]),
    )
    return write(table, SCHEMA, session)
