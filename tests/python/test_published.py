"""Published counts: the noise has its distribution, is stored once, and ends with the budget."""

import shutil
from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from room import python_model
from scipy.stats import chisquare, dlaplace
from test_robustness import Run

noise = python_model("published", "int_personalize__noise_draws")
DRAWS = 20_000


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(5, 2), Fraction(15)])
def test_the_noise_is_discrete_laplace(scale):
    """Goodness of fit; the draws have no seed, so one run in a million may fail."""
    counts = Counter(noise.discrete_laplace(scale) for _ in range(DRAWS))
    exact = dlaplace(float(1 / scale))
    inside = range(int(exact.ppf(0.002)), int(exact.ppf(0.998)) + 1)
    found = [counts[value] for value in inside]
    expected = [exact.pmf(value) * DRAWS for value in inside]
    found.append(DRAWS - sum(found))
    expected.append(DRAWS - sum(expected))
    assert chisquare(found, expected).pvalue > 1e-6


def test_the_noise_is_never_the_same_twice():
    counts = pd.DataFrame({"kind": "k", "name": [str(number) for number in range(200)]})
    first, second = (noise.drawn(counts, Fraction(15)).noise for _ in range(2))
    assert (first != second).any()
    assert np.abs(first).max() < 15 * 40


def test_the_scale_is_what_a_person_can_change_over_epsilon():
    settings = {"publish_epsilon": "0.5", "publish_max_cells_per_person": "5"}
    assert noise.scale_of(settings) == 30
    assert noise.scale_of(settings | {"publish_epsilon": ""}) is None


@pytest.fixture
def run(demo, tmp_path):
    shutil.copy(demo.database, tmp_path / "personalize.duckdb")
    shutil.copy(demo.folder / "partial_parse.msgpack", tmp_path)
    return Run(tmp_path)


@pytest.mark.heavy
def test_a_release_is_drawn_once_and_the_budget_ends(run):
    """Epsilon 1 a release, 2 in all: two months have a release, the third has none."""
    selection = ["run", "--select", "int_personalize__runs", "int_personalize__settings"]
    selection += ["int_personalize__publishable_counts+"]
    published = "select * from personalize__published_counts order by all"
    seen = []
    for as_of in ("2026-05-02", "2026-05-03", "2026-06-15", "2026-07-31"):
        run.dbt(
            *selection,
            as_of=f"{as_of} 06:00:00",
            variables="publish_epsilon: 1, publish_epsilon_total: 2",
        )
        seen.append(run.rows(published))
    assert seen[0] and seen[0] == seen[1]
    assert seen[2] != seen[1] and seen[3] == seen[2]
    assert run.rows("select epsilon_spent from personalize__privacy_budget order by 1") == [
        (1.0,),
        (2.0,),
    ]
    assert all(people >= 10 for _, _, people, *_ in seen[3])
