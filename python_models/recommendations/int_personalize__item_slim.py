"""Learns how much each product of a person speaks for another: SLIM, solved near each product.

For each product j take the K products N that share most people with it and solve the ridge

    (G_NN + kappa * diag(G_NN)^0.5) w = G_Nj      with  G = X' diag(d_u^-0.3) X

over people u with d_u products each. This is SLIM (Ning and Karypis 2011) as a regression on a
neighbourhood, so products compete: what one neighbour explains, another does not explain again.
The neighbours are those of the item graph. kappa is chosen in the run: some people are left out,
part of their products is hidden, and the kappa that finds most of them again is taken.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import sparse

KAPPAS = (14.0, 4.0, 40.0)
PERSON_EXPONENT, SOURCE_EXPONENT, GRAM_EXPONENT = 0.7, 0.4, 0.3
JUDGES, JUDGED, JUDGED_PLACES, FEWEST_JUDGES = 1000, 4096, 20, 50
STEPS = 10
CELLS = 40_000_000
BATCH = 64
CHUNK = 1024
WORKERS = 2
DIGITS = 6
SCHEMA = {
    "window_number": "int64",
    "product_number": "int64",
    "similar_product_number": "int64",
    "similarity": "float64",
    "similarity_rank": "int64",
    "kappa": "float64",
}


def power(degrees, exponent):
    """degrees ** -exponent, and 0 where there is nothing."""
    return np.where(degrees > 0, np.maximum(degrees, 1.0) ** -exponent, 0.0)


def in_parts(work, size):
    """work(start) for the start of every part of the rows, in order."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(0, size, CHUNK)))


def nearest(has, count, min_common):
    """Of each product the `count` that share most people with it; -1 where there are fewer.

    Only products that have at least `min_common` people in common are near.
    """
    people = power(np.diff(has.indptr), PERSON_EXPONENT).astype(np.float32)
    degrees = np.bincount(has.indices, minlength=has.shape[1])
    plain, offered = has.T.tocsr(), has.copy()
    targets = plain.copy()
    targets.data = people[targets.indices]
    offered.data = power(degrees, SOURCE_EXPONENT).astype(np.float32)[offered.indices]

    def part(start):
        """The nearest of a part of the products; both products have one layout."""
        shared = (targets[start : start + CHUNK] @ offered).tocsr()
        common = (plain[start : start + CHUNK] @ has).tocsr()
        shared.data[common.data < min_common - 0.5] = 0.0
        near = np.full((shared.shape[0], count), -1, dtype=np.int64)
        for row in range(shared.shape[0]):
            of_row = slice(shared.indptr[row], shared.indptr[row + 1])
            columns, values = shared.indices[of_row], shared.data[of_row]
            is_near = (values > 0) & (columns != start + row)
            columns, values = columns[is_near], values[is_near].round(DIGITS)
            if len(values) > count:
                is_near = values >= np.partition(values, -count)[-count]
                columns, values = columns[is_near], values[is_near]
                columns = columns[np.lexsort((columns, -values))[:count]]
            near[row, : len(columns)] = np.sort(columns)
        return near

    return np.concatenate([np.zeros((0, count), np.int64), *in_parts(part, has.shape[1])])


def gram(has):
    """X' diag(d_u^-0.3) X as a sparse array."""
    people = power(np.diff(has.indptr), GRAM_EXPONENT).astype(np.float32)
    weighted = has.T.tocsr()
    weighted.data = people[weighted.indices]
    parts = in_parts(lambda at: (weighted[at : at + CHUNK] @ has).tocsr(), has.shape[1])
    return sparse.vstack(parts, format="csr")


def gathered(together, near, targets):
    """Of each target's system the rows of G_NN, ordered by neighbour, their places and G_Nj.

    A row of G is laid out once and read for every target that needs it.
    """
    size, count = together.shape[0], near.shape[1]
    flat = near.ravel()
    order = np.argsort(flat, kind="stable")
    neighbours = flat[order]
    starts = np.flatnonzero(np.r_[True, neighbours[1:] != neighbours[:-1]])
    rows = np.zeros((len(flat), count), dtype=np.float32)
    shared = np.zeros(len(flat), dtype=np.float32)
    laid_out = np.zeros(size + 1, dtype=np.float32)
    of_target = order // count
    for first, last in zip(starts.tolist(), [*starts[1:].tolist(), len(flat)], strict=True):
        neighbour = neighbours[first]
        if neighbour == size:
            continue
        row = slice(together.indptr[neighbour], together.indptr[neighbour + 1])
        columns = together.indices[row]
        laid_out[columns] = together.data[row]
        of_row = of_target[first:last]
        np.take(laid_out, near[of_row], out=rows[first:last], mode="clip")
        shared[order[first:last]] = laid_out[targets[of_row]]
        laid_out[columns] = 0.0
    places = np.empty(len(flat), dtype=np.int64)
    places[order] = np.arange(len(flat))
    return rows, places.reshape(near.shape), shared.reshape(near.shape)


def solved(systems, right, ridge):
    """systems + diag(ridge) solved for the right-hand sides: preconditioned conjugate gradients.

    All systems are positive definite and take the same number of steps.
    """
    diagonal = np.einsum("bii->bi", systems) + ridge
    weights = right / diagonal
    residual = right - multiplied(systems, ridge, weights)
    scaled = residual / diagonal
    direction = scaled
    length = np.sum(residual * scaled, axis=1, keepdims=True)
    for _ in range(STEPS):
        image = multiplied(systems, ridge, direction)
        along = np.sum(direction * image, axis=1, keepdims=True)
        step = np.where(along > 0, length / np.where(along > 0, along, 1), 0)
        weights = weights + step * direction
        residual = residual - step * image
        scaled = residual / diagonal
        new_length = np.sum(residual * scaled, axis=1, keepdims=True)
        turn = np.where(length > 0, new_length / np.where(length > 0, length, 1), 0)
        direction = scaled + turn * direction
        length = new_length
    return weights


def multiplied(systems, ridge, vectors):
    """(systems + diag(ridge)) @ vectors, system by system."""
    return np.matmul(systems, vectors[:, :, None])[:, :, 0] + ridge * vectors


def solutions(together, near, targets, kappas):
    """The weights of the neighbours `near` of the targets, for each kappa."""
    size, count = together.shape[0], near.shape[1]
    near = np.where(near < 0, size, near)
    diagonal = np.append(together.diagonal(), np.float32(0.0))
    found = {kappa: np.zeros(near.shape, dtype=np.float32) for kappa in kappas}
    block = max(BATCH, CELLS // max(count, 1) ** 2)

    def part(start):
        """Solves the systems of some targets."""
        here = slice(start, start + block)
        rows, places, shared = gathered(together, near[here], targets[here])
        for at in range(0, len(places), BATCH):
            systems = rows[places[at : at + BATCH]]
            who = slice(start + at, start + at + len(systems))
            heights = np.sqrt(diagonal[near[who]])
            empty = (heights == 0).astype(np.float32)
            for kappa in kappas:
                ridge = np.float32(kappa) * heights + empty
                found[kappa][who] = solved(systems, shared[at : at + BATCH], ridge)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(part, range(0, len(targets), block)))
    return found


def as_matrix(near, weights, targets, size):
    """The weights as a sparse array neighbour x target."""
    is_there = (near >= 0) & (weights != 0)
    columns = np.broadcast_to(targets[:, None], near.shape)[is_there]
    return sparse.csr_array((weights[is_there], (near[is_there], columns)), shape=(size, size))


def best_kappa(has, near):
    """The kappa that finds most of what is hidden of some people.

    Every third product of theirs is hidden, and looked for among a sample of the products; the
    places that count are as many times fewer.
    """
    people = np.flatnonzero(np.diff(has.indptr) >= 3)
    wanted_judges = min(JUDGES, len(people) // 10)
    if wanted_judges < FEWEST_JUDGES:
        return KAPPAS[0]
    judges = people[:: -(-len(people) // wanted_judges)]
    targets = np.arange(0, has.shape[1], -(-has.shape[1] // JUDGED))
    theirs = has[judges]
    turn = np.arange(theirs.nnz) - np.repeat(theirs.indptr[:-1], np.diff(theirs.indptr))
    is_hidden = (turn + np.repeat(np.arange(len(judges)), np.diff(theirs.indptr))) % 3 == 0
    hidden, shown = theirs.astype(np.float32), theirs.astype(np.float32)
    hidden.data, shown.data = hidden.data * is_hidden, shown.data * ~is_hidden
    shown.eliminate_zeros()
    # Added up anew: what is left of a difference of floats where nothing is left would be solved.
    others = np.delete(np.arange(has.shape[0]), judges)
    left = gram(sparse.vstack([has[others], shown], format="csr"))
    found = solutions(left, near[targets], targets, KAPPAS)
    places = max(2, round(JUDGED_PLACES * len(targets) / has.shape[1]))
    wanted = hidden.toarray()[:, targets] > 0
    known = shown.toarray()[:, targets] > 0
    quality = []
    for kappa in KAPPAS:
        matrix = as_matrix(near[targets], found[kappa], targets, has.shape[1])
        scores = (shown @ matrix).toarray()[:, targets].round(DIGITS)
        quality.append(discounted_hits(scores, wanted, known, places))
    return KAPPAS[int(np.argmax(np.round(quality, DIGITS)))]


def discounted_hits(scores, wanted, known, places):
    """Mean over what is wanted of 1 / log2(1 + place) within the first `places`, 0 beyond."""
    scores = np.where(known, -np.inf, scores)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :places]
    hits = np.take_along_axis(wanted, order, axis=1)
    return (hits / np.log2(np.arange(hits.shape[1]) + 2)).sum() / max(1, wanted.sum())


def item_slim(has, is_target, neighbours, min_common):
    """Products, what they speak for, the weights, ranks and kappa, from people x products of 1s."""
    has = has.astype(np.float32)
    near, together = nearest(has, neighbours, min_common), gram(has)
    kappa = best_kappa(has, near)
    targets = np.flatnonzero(is_target)
    weights = solutions(together, near[targets], targets, [kappa])[kappa].round(DIGITS)
    is_there = (near[targets] >= 0) & (weights != 0)
    columns = np.broadcast_to(targets[:, None], weights.shape)[is_there]
    rows, values = near[targets][is_there], weights[is_there].astype(np.float64).round(DIGITS)
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    ranks = np.arange(len(rows)) - np.searchsorted(rows, rows) + 1
    return rows, columns, values, ranks, np.full(len(rows), kappa)


def learnt(interactions, products, neighbours, min_common):
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
        columns = item_slim(has, is_target, neighbours, min_common)
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
    """dbt's entry: interactions and products in, what speaks for which product out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    interactions = read(dbt.ref("int_personalize__learnt_interactions"))
    if settings["similar_method"] != "slim":
        interactions = interactions[:0]
    table = learnt(
        interactions,
        read(dbt.ref("int_personalize__numbered_products")),
        neighbours=int(settings["similar_products_per_product"]),
        min_common=int(settings["similar_min_common_profiles"]),
    )
    return write(table, SCHEMA, session)
