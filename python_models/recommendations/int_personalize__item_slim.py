"""Learns how much each product of a person speaks for another: SLIM, solved near each product.

For each product j take products N that share most people with it and solve the ridge

    (G_NN + kappa * diag(G_NN)^0.5) w = G_Nj      with  G = X' diag(d_u^-0.3) X

over people u with d_u products each. This is SLIM (Ning and Karypis 2011) as a regression on a
neighbourhood, so products compete: what one neighbour explains, another does not explain again. The
neighbours are those of the item graph: twice as many as asked for of the tenth of the products that
most people have, which lists are mostly made of, and half as many of the others. kappa is chosen in
the run: part of the products of some people is hidden, and the kappa that finds most of them again
is taken.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import sparse

KAPPAS = (10.0, 4.0, 7.0, 16.0, 32.0)
PERSON_EXPONENT, SOURCE_EXPONENT, GRAM_EXPONENT = 0.7, 0.4, 0.3
WIDE_SHARE = 10
JUDGES, JUDGED, JUDGED_PLACES, FEWEST_JUDGES = 5000, 4096, 20, 50
HIDDEN = 5  # every fifth product of a judge
SURELY = 1.03  # what another kappa than the first must find more
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


def widths(degrees, neighbours):
    """How many neighbours each product gets: more of those that most people have."""
    wide = np.argsort(-degrees, kind="stable")[: -(-len(degrees) // WIDE_SHARE)]
    counts = np.full(len(degrees), max(1, neighbours // 2))
    counts[wide] = 2 * neighbours
    return counts


def nearest(shared, counts):
    """Of each row of a CSR array as many largest columns above 0 as its count says, then -1."""
    near = np.full((shared.shape[0], counts.max(initial=1)), -1, dtype=np.int32)
    for row, count in enumerate(counts.tolist()):
        of_row = slice(shared.indptr[row], shared.indptr[row + 1])
        columns, values = shared.indices[of_row], shared.data[of_row]
        cut = np.partition(values, -count)[-count] if len(values) > count else 0.0
        is_near = (values >= cut) & (values > 0)
        columns, values = columns[is_near], values[is_near]
        columns = columns[np.lexsort((columns, -values))[:count]]
        near[row, : len(columns)] = columns
    return near


def learnt_together(has, counts, min_common):
    """Of each product the nearest, the nearest first and -1 where there are fewer; and G in parts.

    Both come from one product of matrices, as its real and its imaginary part. Only products with
    at least `min_common` people in common are near.
    """
    degrees = np.bincount(has.indices, minlength=has.shape[1])
    people = np.diff(has.indptr)
    both = power(people, PERSON_EXPONENT) + 1j * power(people, GRAM_EXPONENT)
    offered = power(degrees, SOURCE_EXPONENT).astype(np.float32)
    plain, has_both = has.T.tocsr(), has.astype(np.complex64)
    sources = plain.astype(np.complex64)
    sources.data = both.astype(np.complex64)[sources.indices]

    def part(start):
        """The nearest and the Gram matrix of a part of the products; all have one layout."""
        product = (sources[start : start + CHUNK] @ has_both).tocsr()
        rows = np.repeat(np.arange(product.shape[0]), np.diff(product.indptr))
        shared = (product.data.real * offered[product.indices]).round(DIGITS)
        shared[product.indices == rows + start] = 0.0
        if min_common > 1:
            common = (plain[start : start + CHUNK] @ has).tocsr()
            shared[common.data < min_common - 0.5] = 0.0
        shared = sparse.csr_array((shared, product.indices, product.indptr), product.shape)
        near = np.full((product.shape[0], counts.max()), -1, dtype=np.int32)
        found = nearest(shared, counts[start : start + CHUNK])
        near[:, : found.shape[1]] = found
        product.data = np.ascontiguousarray(product.data.imag)
        return near, product

    with ThreadPoolExecutor(WORKERS) as pool:
        parts = list(pool.map(part, range(0, has.shape[1], CHUNK)))
    none = np.zeros((0, counts.max(initial=1)), dtype=np.int32)
    return np.concatenate([none, *(near for near, _ in parts)]), [gram for _, gram in parts]


def nearest_of(targets, has, count, min_common):
    """The nearest of some products as learnt_together finds them."""
    offered = power(np.bincount(has.indices, minlength=has.shape[1]), SOURCE_EXPONENT)
    plain, people = has.T.tocsr(), power(np.diff(has.indptr), PERSON_EXPONENT)

    def part(start):
        """The nearest of a part of the targets."""
        here = targets[start : start + CHUNK]
        sources = plain[here]
        sources.data = people[sources.indices].astype(np.float32)
        shared = (sources @ has).tocsr()
        rows = np.repeat(np.arange(len(here)), np.diff(shared.indptr))
        shared.data = (shared.data * offered[shared.indices].astype(np.float32)).round(DIGITS)
        shared.data[shared.indices == here[rows]] = 0.0
        if min_common > 1:
            common = (plain[here] @ has).tocsr()
            shared.data[common.data < min_common - 0.5] = 0.0
        return nearest(shared, np.full(len(here), count))

    with ThreadPoolExecutor(WORKERS) as pool:
        return np.concatenate(list(pool.map(part, range(0, len(targets), CHUNK))))


def diagonal_of(together):
    """The diagonal of G, with a 0 for the product that is none."""
    parts = [part.diagonal(number * CHUNK) for number, part in enumerate(together)]
    return np.concatenate([*parts, np.zeros(1, dtype=np.float32)])


def laid_out_rows(together, change, numbers, size):
    """The rows of G, one by one as a whole array, each valid until the next is asked for."""
    row_now = np.zeros(size + 1, dtype=np.float32)
    for number in numbers:
        part, row = together[number // CHUNK], number % CHUNK
        at = slice(part.indptr[row], part.indptr[row + 1])
        columns = part.indices[at]
        row_now[columns] = part.data[at]
        if change is not None:
            at = slice(change[0].indptr[number], change[0].indptr[number + 1])
            changed = change[0].indices[at]
            values = row_now[changed] + change[0].data[at]
            row_now[changed] = np.where(values > change[1], values, 0.0)
        yield row_now
        row_now[columns] = 0.0


def gathered(together, change, near, size):
    """Of each target's system the rows of G, ordered by neighbour, and their places.

    The last column of `near` is the target itself. A row of G is read once for every target that
    needs it.
    """
    flat = near[:, :-1].ravel()
    order = np.argsort(flat, kind="stable")
    neighbours = flat[order]
    starts = np.flatnonzero(np.r_[True, neighbours[1:] != neighbours[:-1]])
    starts = starts[neighbours[starts] < size]
    ends = [*starts[1:].tolist(), int(np.searchsorted(neighbours, size))][: len(starts)]
    of_target = order // (near.shape[1] - 1)
    rows = np.zeros((len(flat), near.shape[1]), dtype=np.float32)
    read_rows = laid_out_rows(together, change, neighbours[starts].tolist(), size)
    for row_now, first, last in zip(read_rows, starts.tolist(), ends, strict=True):
        np.take(row_now, near[of_target[first:last]], out=rows[first:last], mode="clip")
    places = np.empty(len(flat), dtype=np.int64)
    places[order] = np.arange(len(flat))
    return rows, places.reshape(len(near), -1)


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


def solutions(together, change, near, targets, kappas):
    """The weights of the neighbours `near` of the targets, for each kappa.

    `change` is what is added to G, and the value up to which what is left of it is nothing.
    """
    size, count = sum(part.shape[0] for part in together), near.shape[1]
    near = np.where(near < 0, size, near)
    diagonal = diagonal_of(together)
    if change is not None:
        diagonal[:-1] += change[0].diagonal()
        diagonal = np.where(diagonal > change[1], diagonal, 0.0).astype(np.float32)
    found = {kappa: np.zeros(near.shape, dtype=np.float32) for kappa in kappas}
    # Targets with one nearest product have others in common too: fewer rows are read.
    turns = np.argsort(near[:, 0], kind="stable")
    block = max(BATCH, CELLS // count**2)

    def part(start):
        """Solves the systems of some targets."""
        here = turns[start : start + block]
        extended = np.column_stack([near[here], targets[here]]).astype(np.int64)
        rows, places = gathered(together, change, extended, size)
        for at in range(0, len(places), BATCH):
            systems = rows[places[at : at + BATCH]]
            who = here[at : at + BATCH]
            heights = np.sqrt(diagonal[near[who]])
            empty = (heights == 0).astype(np.float32)
            for kappa in kappas:
                ridge = np.float32(kappa) * heights + empty
                found[kappa][who] = solved(systems[:, :, :-1], systems[:, :, -1], ridge)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(part, range(0, len(targets), block)))
    return found


def entries(near, weights, targets):
    """Neighbours, targets and weights that are not 0, one by one."""
    is_there = (near >= 0) & (weights != 0)
    columns = np.broadcast_to(targets[:, None], near.shape)[is_there]
    return near[is_there], columns, weights[is_there]


def judges_of(has):
    """Some people, what is shown of theirs, what is hidden (a fifth), and all of everybody else."""
    people = np.flatnonzero(np.diff(has.indptr) >= HIDDEN)
    wanted = min(JUDGES, len(people) // 10)
    if wanted < FEWEST_JUDGES:
        return None
    judges = people[:: -(-len(people) // wanted)]
    theirs, rest = has[judges], has.copy()
    starts, lengths = theirs.indptr[:-1], np.diff(theirs.indptr)
    turn = np.arange(theirs.nnz) - np.repeat(starts, lengths)
    is_hidden = (turn + np.repeat(np.arange(theirs.shape[0]), lengths)) % HIDDEN == 0
    hidden, shown = theirs.copy(), theirs.copy()
    hidden.data, shown.data = theirs.data * is_hidden, theirs.data * ~is_hidden
    rest.data[np.repeat(has.indptr[judges] - starts, lengths) + np.arange(theirs.nnz)] *= ~is_hidden
    for matrix in (hidden, shown, rest):
        matrix.eliminate_zeros()
    return theirs, shown, hidden, rest


def change_by_hiding(theirs, shown):
    """What hiding adds to G; and a value above any rounding error and below any true entry."""
    rows = sparse.vstack([theirs, shown], format="csr")
    weights = power(np.diff(rows.indptr), GRAM_EXPONENT)
    sign = np.repeat([-1.0, 1.0], [theirs.shape[0], shown.shape[0]])
    weighted = rows.copy()
    weighted.data = np.repeat(weights * sign, np.diff(rows.indptr)).astype(np.float32)
    return (rows.T.tocsr() @ weighted).tocsr()


def judged_products(degrees):
    """The products that are looked for, and how many each of them stands for.

    Those that most people have stand for themselves, every so many-th of the others for so many.
    """
    order = np.argsort(-degrees, kind="stable")
    others = order[JUDGED:]
    stride = max(1, -(-len(others) // JUDGED))
    products = np.r_[order[:JUDGED], others[::stride]]
    return products, np.where(np.arange(len(products)) < JUDGED, 1.0, float(stride))


def best_kappa(has, together, count, min_common):
    """The kappa that finds most of what is hidden of some people, if surely more than the first.

    What is near is looked for anew: it would know of the hidden.
    """
    judges = judges_of(has)
    if judges is None:
        return KAPPAS[0]
    theirs, shown, hidden, rest = judges
    degrees = np.bincount(has.indices, minlength=has.shape[1])
    least = power(np.diff(has.indptr).max(), GRAM_EXPONENT) / 2
    targets, stand_for = judged_products(degrees)
    change = change_by_hiding(theirs, shown), np.float32(least)
    near = nearest_of(targets, rest, count, min_common)
    found = solutions(together, change, near, targets, KAPPAS)
    shown_targets, hidden = shown[:, targets].tocsr(), hidden[:, targets].tocsr()
    quality = []
    for weights in found.values():
        rows, columns, values = entries(near, weights, np.arange(len(targets)))
        shape = (has.shape[1], len(targets))
        matrix = sparse.csr_array((values, (rows, columns)), shape=shape)
        quality.append(found_again(shown, matrix, shown_targets, hidden, stand_for))
    is_surely_better = max(quality) > SURELY * quality[0]
    return KAPPAS[int(np.argmax(quality))] if is_surely_better else KAPPAS[0]


def found_again(shown, matrix, known, wanted, stand_for):
    """The share of what is wanted that is found, 1 / log2(1 + place) each."""

    def part(start):
        """What is found again of the products of some judges."""
        here = slice(start, start + CHUNK // 4)
        scores = (shown[here] @ matrix).toarray().round(DIGITS)
        scores[known[here].nonzero()] = -np.inf
        return discounted_hits(scores, wanted[here], stand_for)

    starts = range(0, shown.shape[0], CHUNK // 4)
    with ThreadPoolExecutor(WORKERS) as pool:
        total = sum(pool.map(part, starts))
    return round(float(total / max(1.0, stand_for[wanted.indices].sum())), DIGITS)


def discounted_hits(scores, wanted, stand_for):
    """The sum of 1 / log2(1 + place) over what is wanted, 0 beyond the judged places.

    Every product before the wanted one puts it as many places back as it stands for, and what is
    found counts as often.
    """
    total = 0.0
    for row in range(scores.shape[0]):
        columns = wanted.indices[wanted.indptr[row] : wanted.indptr[row + 1]]
        columns = columns[scores[row, columns] > 0]
        if len(columns):
            own = scores[row, columns][:, None]
            before = np.flatnonzero(scores[row] >= own.min())
            values = scores[row, before]
            is_before = (values > own) | ((values == own) & (before < columns[:, None]))
            places = is_before @ stand_for[before]
            gains = np.where(places < JUDGED_PLACES, 1 / np.log2(places + 2.0), 0.0)
            total += (gains * stand_for[columns]).sum()
    return total


def item_slim(has, is_target, neighbours, min_common):
    """Products, what they speak for, the weights, ranks and kappa, from people x products of 1s."""
    has = has.astype(np.float32)
    counts = widths(np.bincount(has.indices, minlength=has.shape[1]), neighbours)
    near, together = learnt_together(has, counts, min_common)
    kappa = best_kappa(has, together, counts.min(initial=near.shape[1]), min_common)
    parts = [(np.zeros(0, dtype=np.int64),) * 3]
    for count in np.unique(counts):
        targets = np.flatnonzero(is_target & (counts == count))
        own = near[targets, :count]
        weights = solutions(together, None, own, targets, [kappa])[kappa].round(DIGITS)
        parts.append(entries(own, weights, targets))
    rows, columns, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    values = values.astype(np.float64).round(DIGITS)
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
    if settings["similar_method"] not in ("slim", "slim_and_filter"):
        interactions = interactions[:0]
    table = learnt(
        interactions,
        read(dbt.ref("int_personalize__numbered_products")),
        neighbours=int(settings["similar_products_per_product"]),
        min_common=int(settings["similar_min_common_profiles"]),
    )
    return write(table, SCHEMA, session)
