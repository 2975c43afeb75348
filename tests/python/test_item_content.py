"""What new products resemble by their words, against arithmetic word by word."""

import numpy as np
import pandas as pd
import pytest
import room
from hypothesis import given, settings
from hypothesis import strategies as st

content = room.python_model("recommendations", "int_personalize__item_content")
WORDS = ("green", "black", "tea", "pot", "glass", "small")


def catalogue(texts, is_new):
    return pd.DataFrame(
        {"product_number": np.arange(len(texts)) * 3, "words": texts, "is_new": is_new}
    )


def by_hand(texts):
    """Cosines of (1 + ln count) (1 + ln((1 + products) / (1 + products with the word)))."""
    words = sorted({word for text in texts for word in text.split()}) or ["none"]
    counts = np.array([[text.split().count(word) for word in words] for text in texts], dtype=float)
    rarity = 1 + np.log((1 + len(texts)) / (1 + (counts > 0).sum(axis=0)))
    weights = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * rarity
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    weights = weights / np.where(lengths > 0, lengths, 1)
    return weights @ weights.T


def expected_nearest(cosines, place, nearest):
    """The cubed cosines of the nearest other products, from the largest down."""
    others = np.delete(cosines[place], place)
    return np.sort(others[others >= 0.2 - 1e-6] ** 3)[::-1][:nearest]


texts_of = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), min_size=1, max_size=12
)


@settings(deadline=None, max_examples=60)
@given(texts_of, st.integers(1, 4), st.data())
def test_likeness_is_the_cubed_cosine_of_the_nearest(texts, nearest, data):
    is_new = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(content, "NEAREST", nearest)
        found = content.item_content(catalogue(texts, is_new).sample(frac=1, random_state=1))
    cosines = by_hand(texts)
    for place, new in enumerate(is_new):
        rows = found[found["new_product_number"] == 3 * place]
        expected = expected_nearest(cosines, place, nearest) if new else []
        np.testing.assert_allclose(rows["similarity"], expected, atol=2e-6)
        for row in rows.itertuples():
            other = int(row.product_number) // 3
            assert row.similarity == pytest.approx(cosines[place, other] ** 3, abs=2e-6)


def test_more_new_products_than_are_compared_at_once():
    rng = np.random.default_rng(4)
    texts = [" ".join(f"w{n}" for n in rng.zipf(1.4, 6) if n < 500) for _ in range(900)]
    found = content.item_content(catalogue(texts, np.arange(900) % 2 == 0))
    cosines = by_hand(texts)
    assert (found.groupby("new_product_number").size() <= content.NEAREST).all()
    for place in range(0, 900, 60):
        rows = found[found["new_product_number"] == 3 * place]
        expected = expected_nearest(cosines, place, content.NEAREST)
        np.testing.assert_allclose(rows["similarity"], expected, atol=2e-6)


def test_nothing_new_gives_nothing():
    found = content.item_content(catalogue(["green tea", "black tea"], [False, False]))
    written = content.write(found, content.SCHEMA, session=None)
    assert len(written) == 0
    assert written.dtypes.astype(str).tolist() == list(content.SCHEMA.values())
    assert len(content.item_content(catalogue(["a", "."], [True, True]))) == 0
