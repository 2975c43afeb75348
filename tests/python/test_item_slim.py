"""Local SLIM against numpy's solver, one product at a time."""

import numpy as np
import pandas as pd
import pytest
import room
from scipy import sparse

slim = room.python_model("recommendations", "int_personalize__item_slim")
candidates_model = room.python_model("recommendations", "int_personalize__graph_candidates")


def tastes(seed=7, people=600, products=60, groups=6, own=9, strange=2):
    """People who have `own` products of one taste and `strange` ones from anywhere."""
    rng = np.random.default_rng(seed)
    has = np.zeros((people, products), dtype=int)
    for person in range(people):
        taste = np.arange(person % groups, products, groups)
        has[person, rng.choice(taste, min(own, len(taste)), replace=False)] = 1
        has[person, rng.choice(products, strange, replace=False)] = 1
    return has


def as_interactions(has, window=0):
    people, products = np.nonzero(has)
    return pd.DataFrame(
        {
            "window_number": window,
            "profile_number": people,
            "product_number": products,
            "is_history": True,
        }
    )


def as_products(size, is_recommendable=True):
    return pd.DataFrame({"product_number": np.arange(size), "is_recommendable": is_recommendable})


def expected_weights(has, neighbours, min_common, kappa):
    """The regression written down cell by cell and solved in double precision.

    The first tenth by people has twice as many neighbours, the others have half as many.
    """
    people, degrees = has.sum(axis=1), has.sum(axis=0)
    size = has.shape[1]
    first = sorted(range(size), key=lambda product: (-degrees[product], product))
    first = set(first[: -(-size // 10)])
    gram = (has * (people[:, None] ** -0.3)).T @ has
    result = np.zeros((size, size))
    for target in range(size):
        shared = {}
        for other in range(size):
            both = (has[:, target] == 1) & (has[:, other] == 1)
            if other != target and both.sum() >= min_common:
                shared[other] = sum(people[both] ** -0.7) / degrees[other] ** 0.4
        near = sorted(shared, key=lambda other: (-round(shared[other], 4), other))
        near = near[: 2 * neighbours if target in first else neighbours // 2]
        system = gram[np.ix_(near, near)] + np.diag(kappa * np.sqrt(np.diag(gram)[near]))
        result[near, target] = np.linalg.solve(system, gram[near, target]) if near else 0
    return result


def dense(table, size):
    result = np.zeros((size, size))
    result[table["product_number"], table["similar_product_number"]] = table["similarity"]
    return result


@pytest.mark.parametrize("min_common", [1, 3])
def test_weights_solve_the_regression(min_common):
    has = tastes(people=90, products=24)
    table = slim.learnt(as_interactions(has), as_products(24), 46, min_common)
    assert set(table["kappa"]) == {10.0}
    expected = expected_weights(has, 46, min_common, 10.0)
    assert np.abs(expected).max() > 0.05
    np.testing.assert_allclose(dense(table, 24), expected, atol=3e-6)


def test_only_the_nearest_are_asked():
    has = tastes(people=90, products=24)
    table = slim.learnt(as_interactions(has), as_products(24), 6, 1)
    asked = table.groupby("similar_product_number").size()
    assert sorted(asked) == [3] * 21 + [12] * 3
    np.testing.assert_allclose(dense(table, 24), expected_weights(has, 6, 1, 10.0), atol=3e-6)


def test_kappa_is_the_one_that_finds_hidden_products_again(monkeypatch):
    has = tastes()
    found = sparse.csr_array(has.astype(np.float32))
    together = slim.learnt_together(found, np.full(60, 20), 1)[1]
    qualities = []
    judge = slim.found_again
    monkeypatch.setattr(
        slim, "found_again", lambda *given: qualities.append(judge(*given)) or qualities[-1]
    )
    kappa = slim.best_kappa(found, together, 20, 1)
    assert len(set(np.round(qualities, 6))) > 1
    assert max(qualities) > 0.3
    assert max(qualities) < 1.03 * qualities[0] and kappa == 10.0
    for quality, expected in (
        ([0.3, 0.31, 0.2, 0.2, 0.2], 4.0),
        ([0.3, 0.2, 0.2, 0.2, 0.305], 10.0),
    ):
        answers = iter(quality)
        monkeypatch.setattr(slim, "found_again", lambda *_, answers=answers: next(answers))
        assert slim.best_kappa(found, together, 20, 1) == expected


def test_kappa_is_judged_with_the_neighbours_of_most_products(monkeypatch):
    widths = []
    monkeypatch.setattr(slim, "best_kappa", lambda *given: widths.append(given[2]) or 10.0)
    slim.learnt(as_interactions(tastes(people=90, products=24)), as_products(24), 6, 1)
    assert widths == [3]


@pytest.mark.parametrize("min_common", [1, 2])
def test_judges_hide_from_what_is_near_too(min_common):
    """As if what is hidden had never been."""
    has = sparse.csr_array(tastes().astype(np.float32))
    theirs, shown, hidden, rest = slim.judges_of(has)
    assert theirs.nnz == shown.nnz + hidden.nnz
    assert has.nnz - rest.nnz == hidden.nnz > 10
    assert ((has - rest).sum(axis=0) == hidden.sum(axis=0)).all()
    fresh = slim.learnt_together(rest, np.full(60, 7), min_common)[0]
    targets = np.array([41, 3, 17])
    found = slim.nearest_of(targets, rest, 7, min_common)
    assert found.tolist() == fresh[targets].tolist()
    assert fresh.tolist() != slim.learnt_together(has, np.full(60, 7), min_common)[0].tolist()


def test_what_only_judges_have_spoils_no_system(monkeypatch):
    """Products that one judge alone has and of which nothing is left where they are hidden."""
    has = tastes()
    rare = np.zeros((len(has), 12), dtype=has.dtype)
    rare[np.arange(12) * 10, np.arange(12)] = 1
    found = sparse.csr_array(np.hstack([rare, has]).astype(np.float32))
    judged = []
    solve = slim.solutions
    monkeypatch.setattr(
        slim, "solutions", lambda *given: judged.append((given, solve(*given))) or judged[-1][1]
    )
    near, together = slim.learnt_together(found, np.full(72, 20), 1)
    slim.best_kappa(found, together, 20, 1)
    ((_, (change, least), near, *_), weights) = judged[0]
    left = slim.diagonal_of(together)[:12] + change.diagonal()[:12]
    assert (np.abs(left) < least).any()
    assert (near < 12).any()
    assert all(np.isfinite(values).all() for values in weights.values())
    assert max(np.abs(values).max() for values in weights.values()) < 2


def test_hits_count_by_place():
    """Places 1, and 3 for a product that stands for two: 1 + 2 / log2(4) = 2; the last has none."""
    scores = np.array([[-np.inf, 5.0, 4.0, 3.0, 0.0]])
    wanted = sparse.csr_array(np.array([[0, 1, 0, 1, 1]]))
    assert slim.discounted_hits(scores, wanted, np.array([1, 1, 1, 2, 2])) == pytest.approx(2.0)
    # One before it that stands for two puts the other at place 4.
    behind = slim.discounted_hits(scores, wanted, np.array([1, 1, 2, 2, 2]))
    assert behind == pytest.approx(1 + 2 / np.log2(5))


def test_what_is_left_when_products_are_hidden_is_the_matrix_without_them():
    has = sparse.csr_array(tastes(people=90, products=24).astype(np.float32))
    _, together = slim.learnt_together(has, np.full(24, 5), 1)
    theirs, shown, hidden = (has[:40], *(has[:40].copy() for _ in range(2)))
    keep = np.arange(theirs.nnz) % 5 > 0
    shown.data, hidden.data = shown.data * keep, hidden.data * ~keep
    shown.eliminate_zeros()
    change = slim.change_by_hiding(theirs, shown), np.float32(0.1)
    rows = [row.copy() for row in slim.laid_out_rows(together, change, list(range(24)), 24)]
    rest = sparse.vstack([shown, has[40:]]).toarray().astype(float)
    expected = (rest * rest.sum(axis=1)[:, None] ** -0.3).T @ rest
    np.testing.assert_allclose(np.array(rows)[:, :24], expected, atol=1e-4)


def test_parts_and_threads_do_not_matter(monkeypatch):
    interactions, products = as_interactions(tastes()), as_products(60)
    whole = slim.learnt(interactions, products, 20, 2)
    monkeypatch.setattr(slim, "WORKERS", 1)
    monkeypatch.setattr(slim, "CHUNK", 7)
    monkeypatch.setattr(slim, "CELLS", 20 * 20 * 64)
    shuffled = interactions.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(slim.learnt(shuffled, products, 20, 2), whole, check_exact=True)


def test_what_is_not_for_sale_is_not_spoken_for_but_speaks():
    is_recommendable = np.arange(24) % 3 > 0
    table = slim.learnt(
        as_interactions(tastes(people=90, products=24)), as_products(24, is_recommendable), 46, 1
    )
    assert is_recommendable[table["similar_product_number"]].all()
    assert not is_recommendable[table["product_number"]].all()


def test_nothing_in_nothing_out():
    nobody = as_interactions(np.zeros((0, 3), dtype=int))
    for products in (as_products(3), as_products(0)):
        written = slim.write(slim.learnt(nobody, products, 5, 1), slim.SCHEMA, session=None)
        assert len(written) == 0
        assert written.dtypes.astype(str).tolist() == list(slim.SCHEMA.values())
    lonely = slim.learnt(as_interactions(np.eye(3, dtype=int)), as_products(3), 5, 1)
    assert len(lonely) == 0


def test_slim_finds_more_of_what_is_hidden_than_chance():
    has = tastes()
    hidden = np.zeros_like(has)
    for person in range(len(has)):
        hidden[person, np.flatnonzero(has[person])[person % 7]] = 1
    shown = has - hidden
    table = slim.learnt(as_interactions(shown), as_products(60), 20, 2)
    history = sparse.csr_array(shown.astype(float))
    weights = sparse.csr_array(dense(table, 60))
    rows, columns, _, _ = candidates_model.recommend(history, history, weights, 5)
    found = hidden[rows, columns].sum() / hidden.sum()
    assert found > 3 * 5 / 49
