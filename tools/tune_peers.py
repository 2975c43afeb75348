"""Finds the settings with which tools/bench_recommenders.py runs the other libraries.

Each is judged on what is hidden from the part that may be learnt from: a fifth of everybody's
places in Gowalla, the last product but one in Amazon Beauty. The test parts are not looked at.
"""

import itertools
import os
import sys
import warnings

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import numpy as np
from bench_recommenders import beauty, gowalla, has_matrix, of_implicit, quality
from common import say
from scipy import sparse

Hidden = tuple[sparse.csr_array, sparse.csr_array]
ALS = [
    {"method": "als", "factors": 128, "iterations": 15, "alpha": alpha, "regularization": ridge}
    for alpha, ridge in itertools.product((1, 3, 10, 20, 40, 80), (0.01, 1, 10))
]
BM25 = [
    {"method": "bm25", "K": 200, "K1": k1, "B": b}
    for k1, b in itertools.product((0.1, 0.2, 0.5, 1.2, 3, 100), (0.0, 0.2, 0.5, 0.8))
]


def of_gowalla() -> Hidden:
    """Four fifths of what may be learnt from, and the fifth."""
    has, _ = gowalla()
    is_hidden = np.random.default_rng(7).random(has.nnz) < 0.2
    people = np.repeat(np.arange(has.shape[0]), np.diff(has.indptr))
    kept, hidden = (
        has_matrix(people[part], has.indices[part], has.shape) for part in (~is_hidden, is_hidden)
    )
    return kept, hidden


def of_beauty() -> Hidden:
    """What everybody had before the last two products, and the last but one."""
    frame = beauty()
    shape = (int(frame["user_id"].max()) + 1, int(frame["item_id"].max()) + 1)
    kept, hidden = (
        has_matrix(part["user_id"].to_numpy(), part["item_id"].to_numpy(), shape)
        for part in (frame[frame["split"] == split] for split in ("train", "valid"))
    )
    return kept, hidden


def main() -> int:
    """Prints every setting with what it reaches."""
    warnings.simplefilter("ignore")
    for name, (kept, hidden), count in (
        ("Gowalla", of_gowalla(), 20),
        ("Amazon Beauty", of_beauty(), 10),
    ):
        for settings in (*ALS, *BM25):
            _, _, lists = of_implicit(kept, count, **settings)
            found = quality(lists, kept, hidden)
            say(f"{name}: recall {found['recall']:.4f}, NDCG {found['ndcg']:.4f}: {settings}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
