"""The sequence model against sums written down pair by pair."""

import numpy as np
import pandas as pd
import pytest
import room
from scipy import sparse

model = room.python_model("recommendations", "int_personalize__item_transitions")


def histories(seed=3, people=300, products=40):
    """Chains: after product p mostly comes p + 1, now and then anything."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        product, seen = int(rng.integers(products)), []
        for _ in range(8):
            product = (
                (product + 1) % products if rng.random() < 0.8 else int(rng.integers(products))
            )
            if product not in seen:
                seen.append(product)
        rows += [(person, number, len(seen) - at) for at, number in enumerate(seen)]
    frame = pd.DataFrame(rows, columns=["profile_number", "product_number", "steps_back"])
    return frame.assign(window_number=0, is_history=True)


def catalogue(size, is_recommendable=True):
    return pd.DataFrame({"product_number": np.arange(size), "is_recommendable": is_recommendable})


def expected_transitions(frame, size, exponent):
    """The formula of the docstring, pair by pair."""
    weights, degrees = np.zeros((size, size)), np.zeros(size)
    for _, own in frame.groupby("profile_number"):
        own = own.sort_values(["steps_back", "product_number"], ascending=[False, True])
        rows = list(zip(own["product_number"], own["steps_back"], strict=True))
        for at, (before, step) in enumerate(rows):
            degrees[before] += 1
            for apart, (after, later) in enumerate(rows[at + 1 : at + 11], start=1):
                value = np.exp(-(apart - 1) / 5) / np.sqrt(len(rows))
                weights[before, after] += value
                weights[after, before] += value * (1.0 if step == later else 0.5)
    degrees = np.maximum(degrees, 1)
    np.fill_diagonal(weights, 0)
    return weights / degrees[:, None] ** 0.5 / degrees[None, :] ** exponent


def dense(table, size):
    result = np.zeros((size, size))
    result[table["product_number"], table["next_product_number"]] = table["transition"]
    return result


def test_three_products_by_hand():
    """1 then 0 and 2 at once, one person: exp(-.2) / sqrt(3) two apart, half of it backwards."""
    frame = pd.DataFrame(
        {"profile_number": 5, "product_number": [1, 0, 2], "steps_back": [2, 1, 1]}
    ).assign(window_number=0, is_history=True)
    found = dense(model.learnt(frame, catalogue(3), 10, 1), 3)
    near, far = 1 / np.sqrt(3), np.exp(-0.2) / np.sqrt(3)
    by_hand = [[0, near / 2, near], [near, 0, far], [near, far / 2, 0]]
    np.testing.assert_allclose(found, by_hand, atol=1e-9)


@pytest.mark.parametrize("baskets", [False, True])
def test_transitions_are_the_formula(baskets, monkeypatch):
    frame = histories()
    if baskets:
        frame["steps_back"] = (frame["steps_back"] + 1) // 2
    monkeypatch.setattr(model, "EXPONENTS", (0.35,))
    found = dense(model.learnt(frame, catalogue(40), 100, 1), 40)
    np.testing.assert_allclose(found, expected_transitions(frame, 40, 0.35), atol=1e-9)


def test_what_comes_next_is_found():
    table = model.learnt(histories(), catalogue(40), 100, 2)
    first = table[table["transition_rank"] == 1]
    follows = (first["product_number"] + 1) % 40 == first["next_product_number"]
    assert follows.mean() > 0.9
    assert table["memory_steps"].isin({1.0, 2.0, 4.0}).all()


def test_short_memory_is_chosen_where_only_the_last_product_matters():
    memory = model.learnt(histories(people=2000), catalogue(40), 100, 2)["memory_steps"]
    assert set(memory) == {1.0}


def test_a_pair_of_one_person_is_left_out():
    frame = histories(people=30)
    has = np.zeros((30, 40))
    has[frame["profile_number"], frame["product_number"]] = 1
    alone = (has.T @ has) < 2
    found = dense(model.learnt(frame, catalogue(40), 100, 2), 40)
    assert (found[alone] == 0).all()
    assert (found > 0).any()


def test_order_of_rows_does_not_matter_and_only_what_is_for_sale_comes_next():
    frame, is_for_sale = histories(), np.arange(40) % 4 > 0
    products = catalogue(40, is_for_sale)
    table = model.learnt(frame, products, 20, 2)
    shuffled = model.learnt(frame.sample(frac=1, random_state=1), products, 20, 2)
    pd.testing.assert_frame_equal(shuffled, table, check_exact=True)
    assert is_for_sale[table["next_product_number"]].all()
    assert table.groupby("product_number").size().max() <= 20


def test_places_pass_what_is_known_and_ties_go_to_the_smaller_number():
    scores = sparse.csr_array(np.array([[9.0, 2.0, 2.0, 1.0], [0.0, 1.0, 0.0, 0.0]]))
    history = sparse.csr_array(np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]))
    assert model.hidden_places(scores, history, np.array([2, 3])).tolist() == [1, 4]


def test_nothing_in_nothing_out():
    nothing = histories()[:0]
    for size in (0, 3):
        written = model.write(model.learnt(nothing, catalogue(size), 5, 1), model.SCHEMA, None)
        assert len(written) == 0
        assert written.dtypes.astype(str).tolist() == list(model.SCHEMA.values())
