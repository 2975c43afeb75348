"""Applies the item-item similarities: what is most like what a person did, and which deed says so.

The score of a product is the sum over the person's products of interaction weight x similarity.
Evidence is the product that adds most to it. Every row is a function of that person's own rows,
so the people may be split into parts in any way; where there are several, Snowpark runs them side
by side.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import sparse

DIGITS = 9
CHUNK = 1024
WORKERS = 2
SEVERAL = 255  # no mark of one product
PACKAGES = ["numpy", "pandas", "scipy"]  # of the processes side by side
INPUTS = {
    "part": "int64",
    "window_number": "int64",
    "profile_number": "int64",
    "product_number": "int64",
    "similar_product_number": "int64",
    "value": "float64",
    "is_history": "bool",
    "is_known": "bool",
}
SCHEMA = {
    "window_number": "int64",
    "profile_number": "int64",
    "product_number": "int64",
    "score": "float64",
    "evidence_product_number": "int64",
}


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


def with_short_places(matrix):
    """The same CSR array with places of 32 bits: there is less to read."""
    places = (matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32))
    return sparse.csr_array((matrix.data, *places), shape=matrix.shape)


def found_by_pair(similarity):
    """Tables of the places of all pairs: each holds what found its slot taken in those before.

    A pair is in one of the slots of its source, of which there are four to eight per pair, so that
    what a person's products ask for is near. Most ask for pairs that are not there: a byte per
    slot, the mark of its target or SEVERAL, says so without looking at the table.
    """
    random, tables = np.random.default_rng(0), []
    size, left = similarity.shape[0], np.arange(similarity.nnz, dtype=np.int32)
    sources = np.repeat(np.arange(size, dtype=np.int32), np.diff(similarity.indptr))
    marks = random.integers(1, SEVERAL, similarity.shape[1], dtype=np.uint8)
    while len(left):
        pairs = np.bincount(sources[left], minlength=size)
        slots = 1 << np.ceil(np.log2(np.maximum(4 * pairs, 1))).astype(np.int64)
        start, mask = (np.cumsum(slots) - slots).astype(np.int32), (slots - 1).astype(np.int32)
        code = random.integers(0, 1 << 30, similarity.shape[1], dtype=np.int32)
        source, target = sources[left], similarity.indices[left]
        wanted = start[source] + (code[target] & mask[source])
        table, marked = np.full(slots.sum(), -1, dtype=np.int32), np.zeros(slots.sum(), np.uint8)
        table[wanted], marked[wanted] = left, marks[target]
        is_left = table[wanted] != left
        marked[wanted[is_left]] = SEVERAL
        left = left[is_left]
        tables.append((start, mask, code, marked, table))
    return marks, tables


def strongest_evidence(history, similarity, by_pair, rows, columns):
    """Which of a person's products adds most to each recommended one.

    Of several that add the same, the one with the smaller number.
    """
    if len(rows) == 0:
        return np.zeros(0, dtype=np.int32)
    marks, tables = by_pair
    counts, lengths = np.bincount(rows, minlength=history.shape[0]), np.diff(history.indptr)
    ranks = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    width = counts.max()
    lists = np.zeros((len(counts), width), dtype=np.int32)
    lists[rows, ranks] = columns
    wanted = np.repeat(lists, lengths, axis=0)  # of each product of a person the person's list
    asked, products, targets = None, history.indices[:, None], wanted
    shares = np.full(wanted.size, -1.0)
    for start, mask, code, marked, table in tables:
        slots = start[products] + (code[targets] & mask[products])
        seen = marked[slots]
        taken = np.flatnonzero((seen == marks[targets]) | (seen == SEVERAL))
        asked = taken if asked is None else asked[taken]
        targets, places = wanted.ravel()[asked], table[slots.ravel()[taken]]
        is_pair = similarity.indices[places] == targets
        found = asked[is_pair]
        weights = history.data[found // width]
        shares[found] = (similarity.data[places[is_pair]] * weights).round(DIGITS)
        asked, targets = asked[~is_pair], targets[~is_pair]
        products = history.indices[asked // width]
    shares = shares.reshape(wanted.shape)
    is_some = lengths > 0
    starts = history.indptr[:-1][is_some]
    largest = np.repeat(np.maximum.reduceat(shares, starts), lengths[is_some], axis=0)
    products = np.where(shares == largest, history.indices[:, None], history.shape[1])
    evidence = np.zeros(lists.shape, dtype=np.int32)
    evidence[is_some] = np.minimum.reduceat(products, starts)
    return evidence[rows, ranks]


def recommend(history, is_known, similarity, count):
    """Rows, products, scores and evidence for every row of `history`.

    CSR arrays: history (weights) and is_known people x products, similarity products x products.
    What is known is as far down as can be: it enters the product of matrices with -inf.
    """
    history, known, similarity = map(with_short_places, (history, is_known, similarity))
    known.data = np.full(known.nnz, -np.inf)
    speaks = sparse.vstack([similarity, sparse.eye_array(similarity.shape[1])], format="csr")

    def part(start):
        """What the people from one row on are recommended."""
        own, without = history[start : start + CHUNK], known[start : start + CHUNK]
        scores = sparse.hstack([own, without], format="csr") @ speaks
        rows, columns, values, _ = largest_per_row(scores, count)
        evidence = strongest_evidence(own, similarity, by_pair.result(), rows, columns)
        return rows + start, columns, values, evidence

    with ThreadPoolExecutor(WORKERS) as pool:
        by_pair = pool.submit(found_by_pair, similarity)  # first, so that no part waits in vain
        parts = list(pool.map(part, range(0, history.shape[0], CHUNK)))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def weights(rows, part, is_wanted, shape):
    """The wanted interactions as a CSR array of people x products."""
    wanted = is_wanted.to_numpy(dtype=bool)
    values = part["weight"].to_numpy(dtype=float)[wanted]
    products = part["product_number"].to_numpy()[wanted]
    return sparse.csr_array((values, (rows[wanted], products)), shape=shape)


def similarities(graph, size):
    """The weights of one window as a CSR array of products x products."""
    places = (graph["product_number"].to_numpy(), graph["similar_product_number"].to_numpy())
    return sparse.csr_array((graph["similarity"].to_numpy(), places), shape=(size, size))


def candidates(interactions, graph, count):
    """The candidates of all windows as one long table, for the people who ask for a list."""
    asked = interactions[interactions["is_requested"].astype(bool)]
    numbers = (asked["product_number"], graph["product_number"], graph["similar_product_number"])
    size = 1 + max(column.to_numpy(dtype=np.int64).max(initial=0) for column in numbers)
    tables = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    for window, part in asked.groupby("window_number"):
        people, rows = np.unique(part["profile_number"], return_inverse=True)
        shape = (len(people), size)
        columns = recommend(
            weights(rows, part, part["is_history"], shape),
            weights(rows, part, part["is_known"], shape),
            similarities(graph[graph["window_number"] == window], size),
            count,
        )
        table = pd.DataFrame(dict(zip(list(SCHEMA)[1:], columns, strict=True)))
        table["profile_number"] = people[table["profile_number"]]
        tables.append(table.assign(window_number=window))
    return pd.concat(tables, ignore_index=True)


def candidates_in_parts(rows, count):
    """The candidates of all parts; each holds its people's interactions and all similarities."""
    tables = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    for _, part in rows.groupby("part"):
        is_similarity = part["similar_product_number"].to_numpy() >= 0
        interactions = part[~is_similarity].rename(columns={"value": "weight"})
        graph = part[is_similarity].rename(columns={"value": "similarity"})
        tables.append(candidates(interactions.assign(is_requested=True), graph, count))
    return pd.concat(tables, ignore_index=True)


def side_by_side(relation, count):
    """The candidates of a Snowpark frame, each part in whatever process the warehouse gives it."""

    def apply(rows):
        given = pd.DataFrame({name: rows[name.upper()].to_numpy() for name in INPUTS})
        table = candidates_in_parts(given.astype(INPUTS), count)
        return table.astype(SCHEMA).rename(columns=str.upper)

    for thing in list(globals().values()):
        if getattr(thing, "__module__", None) == __name__:
            thing.__module__ = "__main__"  # so that it travels with apply, as a copy
    score = relation["VALUE"].alias("SCORE")
    evidence = relation["SIMILAR_PRODUCT_NUMBER"].alias("EVIDENCE_PRODUCT_NUMBER")
    names = [name.upper() for name in list(SCHEMA)[:3]]
    schema = relation.select(*names, score, evidence).schema
    parts = relation.group_by("PART")
    return parts.apply_in_pandas(apply, output_schema=schema, packages=PACKAGES)


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: interactions and similarities in, candidates per person out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    count = int(settings["recommendations_per_profile"])
    parts = dbt.ref("int_personalize__candidate_parts")
    if hasattr(parts, "to_local_iterator") and parts.select("PART").distinct().count() > 1:
        return side_by_side(parts, count)
    return write(candidates_in_parts(read(parts), count), SCHEMA, session)
