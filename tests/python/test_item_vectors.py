"""Vectors of products against numpy's and scikit-learn's singular value decompositions."""

import numpy as np
import pandas as pd
import room
from sklearn.decomposition import TruncatedSVD

model = room.python_model("recommendations", "int_personalize__item_vectors")


def tastes(people=640, groups=6, per_group=16, strange=2, seed=7):
    """People who have most products of one taste, and a few from anywhere."""
    rng = np.random.default_rng(seed)
    has = np.zeros((people, groups * per_group))
    for person in range(people):
        own = np.arange(person % groups, has.shape[1], groups)
        has[person, rng.choice(own, rng.integers(4, per_group), replace=False)] = 1
        has[person, rng.choice(has.shape[1], strange, replace=False)] = 1
    return has


def rows(has):
    people, products = np.nonzero(has)
    table = {"window_number": 0, "profile_number": people, "product_number": products}
    return pd.DataFrame(table)


def dense(table):
    return table.pivot(index="product_number", columns="dimension", values="value").to_numpy()


def divided(has):
    people, products = has.sum(axis=1), has.sum(axis=0)
    return has / np.sqrt(people + people.mean())[:, None] / np.sqrt(products + products.mean())


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_cosines_are_those_of_the_first_singular_vectors():
    has = tastes()
    found = dense(model.learnt(rows(has), 6))
    expected = unit(np.linalg.svd(divided(has))[2][:6].T)
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=2e-3)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=5e-6)
    learner = TruncatedSVD(6, algorithm="arpack", random_state=0).fit(divided(has))
    same = unit(learner.components_.T)
    np.testing.assert_allclose(found @ found.T, same @ same.T, atol=2e-3)


def test_products_of_one_taste_lie_together():
    found = dense(model.learnt(rows(tastes()), 6))
    cosines, taste = found @ found.T, np.arange(96) % 6
    is_same = taste[:, None] == taste
    assert cosines[is_same].min() > 0.8
    assert cosines[~is_same].max() < 0.4


def test_the_order_of_rows_and_ids_with_gaps_do_not_matter():
    given = rows(tastes()).assign(product_number=lambda table: table["product_number"] * 3)
    shuffled = given.sample(frac=1, random_state=3, ignore_index=True)
    once, again = model.learnt(given, 6), model.learnt(shuffled, 6)
    pd.testing.assert_frame_equal(once, again)
    assert set(once["product_number"]) == set(range(0, 288, 3))


def test_signs_are_settled():
    has = tastes()
    found = model.item_vectors(model.sparse.csr_array(has), 6)
    raw = model.singular_vectors(model.sparse.csr_array(divided(has), dtype=np.float32), 6)
    largest = np.abs(raw).argmax(axis=0)
    assert (found[largest, np.arange(6)] > 0).all()


def test_only_todays_window_is_learnt_from():
    today = rows(tastes())
    past = rows(tastes(seed=8)).assign(window_number=1)
    both = pd.concat([past, today], ignore_index=True)
    pd.testing.assert_frame_equal(model.learnt(both, 6), model.learnt(today, 6))


def test_small_shops_get_fewer_dimensions_and_the_smallest_none():
    assert model.learnt(rows(tastes()), 32)["dimension"].max() == 96 // 8
    assert model.learnt(rows(tastes(people=17)), 32)["dimension"].max() == 2
    for nothing in (model.learnt(rows(tastes(people=7)), 32), model.learnt(rows(tastes()), 0)):
        written = model.write(nothing, model.SCHEMA, None)
        assert len(written) == 0
        assert written.dtypes.astype(str).tolist() == list(model.SCHEMA.values())
    nobody = model.learnt(rows(tastes())[:0], 32)
    assert len(nobody) == 0
