"""The low-pass filter against numpy's singular value decomposition."""

import numpy as np
import pandas as pd
import room
from scipy import sparse

model = room.python_model("recommendations", "int_personalize__item_filter")


def tastes(people=640, groups=8, per_group=12, strange=2, seed=7):
    """People who have most products of one taste, and a few from anywhere."""
    rng = np.random.default_rng(seed)
    has = np.zeros((people, groups * per_group))
    for person in range(people):
        own = np.arange(person % groups, has.shape[1], groups)
        has[person, rng.choice(own, rng.integers(4, per_group), replace=False)] = 1
        has[person, rng.choice(has.shape[1], strange, replace=False)] = 1
    return has


def dense(found, size):
    sources, targets, values = found
    result = np.zeros((size, size))
    result[sources, targets] = values
    return result


def expected(has, vectors):
    people, products = has.sum(axis=1), has.sum(axis=0)
    normal = has / np.sqrt(people)[:, None] / np.sqrt(products)
    basis = np.linalg.svd(normal)[2][:vectors]
    result = 0.2 * basis.T @ basis * np.sqrt(products) / np.sqrt(products)[:, None]
    np.fill_diagonal(result, 0)
    return np.maximum(result, 0)


def test_is_the_projection_on_the_first_singular_vectors():
    has = tastes()
    wanted = expected(has, 8)
    found = model.item_filter(sparse.csr_array(has), np.ones(96, dtype=bool), 96, 8)
    assert wanted.max() > 0.01
    np.testing.assert_allclose(dense(found, 96), wanted, atol=8e-5)


def test_keeps_what_speaks_most_for_each_product_that_is_for_sale():
    has, is_target = tastes(), np.arange(96) % 5 != 0
    wanted = expected(has, 8)
    found = dense(model.item_filter(sparse.csr_array(has), is_target, 2, 8), 96)
    assert not found[:, ~is_target].any()
    for product in range(96):
        kept = np.flatnonzero(found[product])
        assert len(kept) == 2 * model.REACH
        least = np.sort(np.where(is_target, wanted[product], 0))[-len(kept)]
        assert wanted[product, kept].min() >= least - 8e-5


def test_parts_and_threads_do_not_matter(monkeypatch):
    has, is_target = sparse.csr_array(tastes()), np.ones(96, dtype=bool)
    whole = model.item_filter(has, is_target, 3, 8)
    monkeypatch.setattr(model, "WORKERS", 1)
    again = model.item_filter(has, is_target, 3, 8)
    for one, other in zip(whole, again, strict=True):
        np.testing.assert_array_equal(one, other)
    monkeypatch.setattr(model, "CHUNK", 7)
    parts = dense(model.item_filter(has, is_target, 3, 8), 96)
    np.testing.assert_allclose(parts, dense(whole, 96), atol=2e-6)


def test_small_shops_get_fewer_vectors_and_the_smallest_none():
    products = pd.DataFrame({"product_number": np.arange(96), "is_recommendable": True})
    has = tastes(groups=6, per_group=16)
    people, numbers = np.nonzero(has)
    rows = pd.DataFrame({"window_number": 0, "profile_number": people, "product_number": numbers})
    rows["is_history"] = True
    table = model.learnt(rows, products, 96)
    found = dense(
        (table["product_number"], table["similar_product_number"], table["similarity"]), 96
    )
    np.testing.assert_allclose(found, expected(has, 6), atol=8e-5)
    assert len(model.learnt(rows[rows["profile_number"] < 15], products, 96)) == 0
    nothing = model.write(model.learnt(rows[:0], products, 96), model.SCHEMA, None)
    assert nothing.dtypes.astype(str).tolist() == list(model.SCHEMA.values())
