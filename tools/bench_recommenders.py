"""Measures the recommenders of the package beside others on public data, in one run on one machine.

Every method runs in a process of its own, with one thread for linear algebra and two for work; the
figures go to docs/benchmarks_recommenders.md and the pictures to docs/images.
"""

import argparse
import datetime
import importlib.util
import json
import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from common import ROOT, TARGET, say, shown
from scipy import sparse

DATA = ROOT.parent / "shared" / "data"
FOLDER = TARGET / "bench_recommenders"
PAGE = ROOT / "docs" / "benchmarks_recommenders.md"
PICTURES = ROOT / "docs" / "images"
THREADS = 2
WAYS = ("activity", "products in common", "same favourite", "likeness alone", "look-alike")
Lists = np.ndarray
Fitted = tuple[float, float, Lists]


def ours(name: str) -> Any:
    """A Python model of the package as a module."""
    path = ROOT / "python_models" / "recommendations" / f"int_personalize__{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Data ---------------------------------------------------------------------------------------------


def has_matrix(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    """People x products of ones."""
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.sort_indices()
    return matrix


def gowalla() -> tuple[sparse.csr_array, sparse.csr_array]:
    """Train and test of the LightGCN split, with products renumbered so that ties say nothing."""
    folder = DATA / "gowalla_lightgcn"
    parts = [duckdb.sql(f"from '{folder / name}.parquet'").df() for name in ("train", "test")]
    people = 1 + max(part["user_id"].max() for part in parts)
    products = 1 + max(part["item_id"].max() for part in parts)
    number = np.random.default_rng(1).permutation(products)
    train, test = (
        has_matrix(part["user_id"].to_numpy(), number[part["item_id"]], (people, products))
        for part in parts
    )
    return train, test


def beauty() -> pd.DataFrame:
    """Amazon Beauty in the order of time, products renumbered so that ties say nothing."""
    frame = duckdb.sql(f"from '{DATA / 'amazon_beauty' / 'interactions.parquet'}'").df()
    number = np.random.default_rng(1).permutation(frame["item_id"].max() + 1)
    frame["item_id"] = number[frame["item_id"]]
    return frame.sort_values(["user_id", "seq"], ignore_index=True)


def power_law(people: int, products: int, events: int) -> sparse.csr_array:
    """A made-up crowd: popularity and activity are power laws, each person has one taste of 100."""
    rng = np.random.default_rng(3)
    activity = np.minimum(100, 5 + rng.pareto(1.1, people) * events / people / 6).astype(np.int64)
    activity = np.maximum(1, (activity * (events / activity.sum())).astype(np.int64)).clip(max=100)
    rows = np.repeat(np.arange(people, dtype=np.int32), activity)
    rank = np.minimum(products - 1, (products ** rng.random(len(rows), dtype=np.float32)) - 1)
    own = rng.random(len(rows), dtype=np.float32) < 0.7
    taste = (rows % 100).astype(np.int32)
    columns = np.where(own, rank.astype(np.int32) // 100 * 100 + taste, rank.astype(np.int32))
    matrix = sparse.csr_array(
        (np.ones(len(rows), dtype=np.float32), (rows, columns.clip(max=products - 1))),
        shape=(people, products),
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


# Methods: fit and score seconds and the lists -----------------------------------------------------


def listed(rows: np.ndarray, columns: np.ndarray, people: int, count: int) -> Lists:
    """Lists of fixed length from sorted rows and columns; -1 where there is nothing."""
    lists = np.full((people, count), -1, dtype=np.int64)
    places = np.arange(len(rows)) - np.searchsorted(rows, rows)
    lists[rows, places] = columns
    return lists


def applied(has: sparse.csr_array, weights: sparse.csr_array, count: int) -> Lists:
    """What the package's candidates model recommends."""
    rows, columns, _, _ = ours("graph_candidates").recommend(has, has, weights, count)
    return listed(rows, columns, has.shape[0], count)


def of_ours(learn: Callable[..., Any], has: sparse.csr_array, count: int) -> Fitted:
    """Learns product x product weights and applies them."""
    started = time.perf_counter()
    rows, columns, values = learn(has)[:3]
    size = has.shape[1]
    weights = sparse.csr_array((values, (rows, columns)), shape=(size, size))
    learnt = time.perf_counter()
    lists = applied(has, weights, count)
    return learnt - started, time.perf_counter() - learnt, lists


def graph(has: sparse.csr_array, count: int, neighbours: int = 200) -> Fitted:
    """The item graph."""
    everything = np.ones(has.shape[1], dtype=bool)
    return of_ours(
        lambda x: ours("item_graph").item_graph(x, everything, neighbours, 2), has, count
    )


def slim(has: sparse.csr_array, count: int, neighbours: int = 100) -> Fitted:
    """Local SLIM, kappa chosen in the run."""
    everything = np.ones(has.shape[1], dtype=bool)
    return of_ours(lambda x: ours("item_slim").item_slim(x, everything, neighbours, 1), has, count)


def slim_and_filter(has: sparse.csr_array, count: int, neighbours: int = 100) -> Fitted:
    """Local SLIM and the low-pass filter, added up."""
    everything, size = np.ones(has.shape[1], dtype=bool), has.shape[1]
    model = ours("item_filter")

    def learn(x: sparse.csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        total = sparse.csr_array((size, size))
        for rows, columns, values, *_ in (
            ours("item_slim").item_slim(x, everything, neighbours, 1),
            model.item_filter(x, everything, neighbours, model.VECTORS),
        ):
            total = total + sparse.csr_array((values, (rows, columns)), shape=(size, size))
        return (*total.nonzero(), total.data)

    return of_ours(learn, has, count)


def popularity(has: sparse.csr_array, count: int) -> Fitted:
    """The most popular products a person does not have."""
    started = time.perf_counter()
    order = np.argsort(-np.bincount(has.indices, minlength=has.shape[1]), kind="stable")
    learnt = time.perf_counter()
    lists = np.full((has.shape[0], count), -1)
    for person in range(has.shape[0]):
        known = set(has.indices[has.indptr[person] : has.indptr[person + 1]].tolist())
        best = [p for p in order[: count + len(known)].tolist() if p not in known]
        lists[person] = best[:count]
    return learnt - started, time.perf_counter() - learnt, lists


def of_implicit(has: sparse.csr_array, count: int, method: str, **settings: Any) -> Fitted:
    """A model of implicit."""
    from implicit import als, nearest_neighbours

    settings.setdefault("num_threads", THREADS)
    made = {
        "als": als.AlternatingLeastSquares,
        "bm25": nearest_neighbours.BM25Recommender,
        "cosine": nearest_neighbours.CosineRecommender,
    }[method](**settings)
    matrix = sparse.csr_matrix(has.astype(np.float32))
    started = time.perf_counter()
    made.fit(matrix, show_progress=False)
    learnt = time.perf_counter()
    lists, _ = made.recommend(np.arange(matrix.shape[0]), matrix, N=count)
    return learnt - started, time.perf_counter() - learnt, lists


def of_rectools(has: sparse.csr_array, count: int) -> Fitted:
    """RecTools' wrapper of ALS."""
    from implicit.als import AlternatingLeastSquares
    from rectools import Columns
    from rectools.dataset import Dataset
    from rectools.models import ImplicitALSWrapperModel

    rows, columns = has.nonzero()
    frame = pd.DataFrame({Columns.User: rows, Columns.Item: columns, Columns.Weight: 1.0})
    frame[Columns.Datetime] = pd.Timestamp("2020-01-01")
    data = Dataset.construct(frame)
    made = ImplicitALSWrapperModel(AlternatingLeastSquares(**ALS, num_threads=THREADS))
    started = time.perf_counter()
    made.fit(data)
    learnt = time.perf_counter()
    people = np.unique(rows)
    found = made.recommend(people, data, k=count, filter_viewed=True)
    scored = time.perf_counter()
    found = found.sort_values([Columns.User, Columns.Rank])
    lists = listed(
        found[Columns.User].to_numpy(), found[Columns.Item].to_numpy(), len(has.indptr) - 1, count
    )
    return learnt - started, scored - learnt, lists


# The settings of others are the best of those that tools/tune_peers.py tries on validation parts.
ALS = {"factors": 128, "iterations": 15, "alpha": 40, "regularization": 0.01, "random_state": 0}
BM25 = {"method": "bm25", "K": 200, "K1": 0.2, "B": 0.5}
COLLABORATIVE: dict[str, tuple[Callable[..., Fitted], dict[str, Any]]] = {
    "popularity": (popularity, {}),
    "implicit cosine, K 200": (of_implicit, {"method": "cosine", "K": 200}),
    "implicit BM25, K 200": (of_implicit, BM25),
    "implicit ALS, 128 factors": (of_implicit, {"method": "als", **ALS}),
    "RecTools ALS, 128 factors": (of_rectools, {}),
    "**graph**, K 40": (graph, {"neighbours": 40}),
    "**graph**, K 60": (graph, {"neighbours": 60}),
    "**graph**, K 70": (graph, {"neighbours": 70}),
    "**graph**, K 80": (graph, {"neighbours": 80}),
    "**graph**, K 100": (graph, {"neighbours": 100}),
    "**graph**, K 200": (graph, {"neighbours": 200}),
    "**local SLIM**, K 50": (slim, {"neighbours": 50}),
    "**local SLIM**, K 70": (slim, {"neighbours": 70}),
    "**local SLIM**, K 100": (slim, {"neighbours": 100}),
    "**local SLIM**, K 200": (slim, {"neighbours": 200}),
    "**SLIM and filter**, K 100": (slim_and_filter, {"neighbours": 100}),
    "**SLIM and filter**, K 150": (slim_and_filter, {"neighbours": 150}),
    "**SLIM and filter**, K 200": (slim_and_filter, {"neighbours": 200}),
}


# Quality ------------------------------------------------------------------------------------------


def quality(lists: Lists, has: sparse.csr_array, test: sparse.csr_array) -> dict[str, float]:
    """Recall and NDCG over the people with a test, coverage of the catalogue, novelty in bits."""
    count = lists.shape[1]
    wanted = np.diff(test.indptr)
    people = np.flatnonzero(wanted)
    keys = (
        np.repeat(np.arange(test.shape[0], dtype=np.int64), wanted) * test.shape[1] + test.indices
    )
    offered = np.arange(len(lists))[:, None] * test.shape[1] + lists
    hits = (np.isin(offered, keys) & (lists >= 0))[people]
    gains = 1 / np.log2(np.arange(count) + 2)
    best = np.cumsum(gains)[np.minimum(wanted[people], count) - 1]
    shares = np.maximum(np.bincount(has.indices, minlength=has.shape[1]), 1) / has.shape[0]
    shown_products = lists[lists >= 0]
    return {
        "recall": float((hits.sum(axis=1) / wanted[people]).mean()),
        "ndcg": float(((hits * gains).sum(axis=1) / best).mean()),
        "hit_rate": float(hits.any(axis=1).mean()),
        "coverage": len(np.unique(shown_products)) / has.shape[1],
        "novelty": float(-np.log2(shares[shown_products]).mean()),
    }


# Runs, each in a process of its own ---------------------------------------------------------------


def run_collaborative(name: str) -> dict[str, float]:
    """One method on Gowalla."""
    has, test = gowalla()
    method, settings = COLLABORATIVE[name]
    before = peak()
    fit, score, lists = method(has, 20, **settings)
    return {"fit": fit, "score": score, "before": before, **quality(lists, has, test)}


def beauty_parts(frame: pd.DataFrame) -> tuple[pd.DataFrame, sparse.csr_array, sparse.csr_array]:
    """History (train and validation), the same as a matrix, and the last product of everybody."""
    shape = (int(frame["user_id"].max()) + 1, int(frame["item_id"].max()) + 1)
    is_test = (frame["split"] == "test").to_numpy()
    users, items = frame["user_id"].to_numpy(), frame["item_id"].to_numpy()
    history = frame[~is_test]
    return (
        history,
        has_matrix(users[~is_test], items[~is_test], shape),
        has_matrix(users[is_test], items[is_test], shape),
    )


def sequence(history: pd.DataFrame, has: sparse.csr_array, count: int) -> Fitted:
    """The transitions, applied to the last products; exponent and memory chosen in the run."""
    model = ours("item_transitions")
    started = time.perf_counter()
    people, products = history["user_id"].to_numpy(), history["item_id"].to_numpy()
    ends = np.searchsorted(people, people, side="right")
    steps_back = ends - np.arange(len(people))
    size = has.shape[1]
    rows, columns, values, _, memory = model.item_transitions(
        people, products, steps_back, np.ones(size, dtype=bool), 500, 1
    )
    weights = sparse.csr_array((values, (rows, columns)), shape=(size, size))
    learnt = time.perf_counter()
    own = model.last_products(people, products, steps_back, memory[0], has.shape)
    rows, columns, _, _ = ours("graph_candidates").recommend(own, has, weights, count)
    lists = listed(rows, columns, has.shape[0], count)
    return learnt - started, time.perf_counter() - learnt, lists


SEQUENTIAL = (
    "popularity",
    "implicit BM25, K 200",
    "implicit ALS, 128 factors",
    "RecTools ALS, 128 factors",
    "**graph**, K 200",
    "**local SLIM**, K 100",
    "**sequence**",
)

BEAUTY = {"implicit BM25, K 200": {"K1": 1.2, "B": 0.2}}


def run_sequential(name: str) -> dict[str, float]:
    """One method on Amazon Beauty: the last product of everybody, among all products."""
    history, has, test = beauty_parts(beauty())
    before = peak()
    if name == "**sequence**":
        fit, score, lists = sequence(history, has, 10)
    else:
        method, settings = COLLABORATIVE[name]
        fit, score, lists = method(has, 10, **{**settings, **BEAUTY.get(name, {})})
    return {"fit": fit, "score": score, "before": before, **quality(lists, has, test)}


SMALL, LARGE = (100_000, 10_000, 5_000_000), (1_000_000, 50_000, 50_000_000)
SCALES: dict[str, tuple[tuple[int, int, int], str, int | None]] = {
    "100,000 people, 10,000 products, graph, K 100": (SMALL, "graph", None),
    "100,000 people, 10,000 products, local SLIM, K 50": (SMALL, "slim", None),
    "100,000 people, 10,000 products, local SLIM, K 50, learnt from 20,000": (
        SMALL,
        "slim",
        20_000,
    ),
    "1,000,000 people, 50,000 products, graph, K 100": (LARGE, "graph", None),
    "1,000,000 people, 50,000 products, local SLIM, K 50, learnt from 100,000": (
        LARGE,
        "slim",
        100_000,
    ),
    "1,000,000 people, 50,000 products, local SLIM, K 50, learnt from 200,000": (
        LARGE,
        "slim",
        200_000,
    ),
    "1,000,000 people, 50,000 products, local SLIM, K 50, learnt from 500,000": (
        LARGE,
        "slim",
        500_000,
    ),
    "1,000,000 people, 50,000 products, local SLIM, K 50": (LARGE, "slim", None),
    "1,000,000 people, 50,000 products, whoever knows how they were made": (LARGE, "maker", None),
}
JUDGES = 20_000


def one_hidden(has: sparse.csr_array) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """The crowd without one product of each of some people, these people, and these products."""
    judges = np.arange(0, has.shape[0], has.shape[0] // JUDGES)
    judges = judges[np.diff(has.indptr)[judges] > 1]
    places = has.indptr[judges] + np.random.default_rng(5).integers(np.diff(has.indptr)[judges])
    hidden = has.indices[places]
    has.data[places] = 0
    has.eliminate_zeros()
    return has, judges, hidden


def maker_finds(has: sparse.csr_array, judges: np.ndarray, hidden: np.ndarray) -> float:
    """The share of what is hidden among the 20 likeliest by the chances of power_law itself."""
    places = np.arange(has.shape[1] + 1)
    chances = np.diff(np.log1p(places)) / np.log1p(places[-1])
    own, hits = 0.7 * np.add.reduceat(chances, places[:-1:100]), 0
    for person, product in zip(judges.tolist(), hidden.tolist(), strict=True):
        likely = 0.3 * chances
        likely[person % 100 :: 100] += own
        likely[has.indices[has.indptr[person] : has.indptr[person + 1]]] = 0
        hits += product in np.argpartition(-likely, 20)[:20]
    return hits / len(judges)


def run_scale(name: str) -> dict[str, float]:
    """A made-up crowd: the weights, the top 20 of everybody, and how many find what is hidden."""
    size, method, sample = SCALES[name]
    has, judges, hidden = one_hidden(power_law(*size))
    before = peak()
    if method == "maker":
        return {"events": has.nnz, "recall": maker_finds(has, judges, hidden)}
    started = time.perf_counter()
    learnt_from, everything = has[:sample] if sample else has, np.ones(has.shape[1], dtype=bool)
    if method == "graph":
        rows, columns, values = ours("item_graph").item_graph(learnt_from, everything, 100, 2)[:3]
    else:
        rows, columns, values = ours("item_slim").item_slim(learnt_from, everything, 50, 1)[:3]
    weights = sparse.csr_array((values, (rows, columns)), shape=(has.shape[1], has.shape[1]))
    learnt = time.perf_counter()
    recommend, hits = ours("graph_candidates").recommend, 0
    wanted = np.full(has.shape[0], -1)
    wanted[judges] = hidden
    for start in range(0, has.shape[0], 100_000):
        part = has[start : start + 100_000]
        people, products, *_ = recommend(part, part, weights, 20)
        hits += int((wanted[people + start] == products).sum())
    return {
        "fit": learnt - started,
        "score": time.perf_counter() - learnt,
        "before": before,
        "events": has.nnz,
        "recall": hits / len(judges),
    }


RUNS: dict[str, tuple[Callable[[str], dict[str, float]], tuple[str, ...]]] = {
    "gowalla": (run_collaborative, tuple(COLLABORATIVE)),
    "beauty": (run_sequential, SEQUENTIAL),
    "scale": (run_scale, tuple(SCALES)),
}
REPEATS = {"gowalla": 3, "beauty": 1, "scale": 1}  # all methods in turns


def peak() -> float:
    """Peak memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def in_this_process(part: str, name: str, sender: Any) -> None:
    """One run, sent back with its peak memory."""
    found = RUNS[part][0](name)
    sender.send({**found, "peak": peak()})


def measured(part: str, name: str) -> dict[str, float]:
    """One run in a process of its own."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=in_this_process, args=(part, name, sender))
    process.start()
    sender.close()
    try:
        found = receiver.recv()
    except EOFError:
        found = {}
    process.join()
    return found


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    """One method's runs as one: median times, most memory, and the lists' quality, always the same.

    Nothing where a run did not finish.
    """
    if not all(runs):
        return {}
    timed = [key for key in ("fit", "score") if key in runs[0]]
    times = {key: float(np.median([run[key] for run in runs])) for key in timed}
    return {**runs[0], **times, "peak": max(run["peak"] for run in runs)}


# The page -----------------------------------------------------------------------------------------


def page(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """The whole page."""
    parts = [heading(), gowalla_part(results["gowalla"]), beauty_part(results["beauty"])]
    parts += [retail_part(results["retail"])] if results.get("retail") else []
    parts += (
        [product_part(results["product"], results["gowalla"])] if results.get("product") else []
    )
    parts += [lookalikes_part(results["lookalikes"])] if results.get("lookalikes") else []
    parts += [scale_part(results["scale"])] if results.get("scale") else []
    return "\n\n".join([*parts, gaps_part(results)]) + "\n"


def heading() -> str:
    """What was measured where and when."""
    packages = ("numpy", "scipy", "implicit", "rectools")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    day = datetime.datetime.now(datetime.UTC).strftime("%d %B %Y").lstrip("0")
    return (
        "# Recommenders\n\n    make bench-recommenders\n\n"
        f"Measured on {day} on one machine with {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {versions};\n"
        "two threads, one for linear algebra. Bold: methods of this package, run as the functions\n"
        "of its Python models. What depends on data (kappa, calibration) is chosen in the run,\n"
        "on what it hides from itself; fixed numbers of SLIM and the filter were chosen on a\n"
        "validation part of Gowalla, with figures of its test part in sight (docs/decisions.md).\n"
        "The others have the best of the settings that `tools/tune_peers.py` tries.\n"
        "On Gowalla every method runs three times, in turns, and times are medians.\n"
        "The command writes this page. Each method has a process of its own; memory is its peak,\n"
        "data and libraries included."
    )


def table(rows: dict[str, dict[str, float]], names: tuple[str, str], base: str | None) -> list[str]:
    """One line per method."""
    lines = [
        f"| method | {names[0]} | {names[1]} | coverage | novelty, bits "
        "| fit s | score s | people/s | GB |" + (" time of ALS |" if base else ""),
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|" + ("---:|" if base else ""),
    ]
    keys = ("recall" if "Recall" in names[0] else "hit_rate", "ndcg")
    for name, found in rows.items():
        if not found:
            lines.append(f"| {name} | did not finish |")
            continue
        seconds = found["fit"] + found["score"]
        line = (
            f"| {name} | {found[keys[0]]:.4f} | {found[keys[1]]:.4f} | {found['coverage']:.3f} "
            f"| {found['novelty']:.1f} | {found['fit']:.1f} | {found['score']:.1f} "
            f"| {found['people'] / max(found['score'], 1e-3):,.0f} | {found['peak']:.2f} |"
        )
        if base:
            reference = rows[base]
            line += f" {seconds / (reference['fit'] + reference['score']):.2f} |"
        lines.append(line)
    return lines


def gowalla_part(rows: dict[str, dict[str, float]]) -> str:
    """Gowalla."""
    for found in rows.values():
        found["people"] = 29_858
    lines = table(rows, ("Recall@20", "NDCG@20"), "implicit ALS, 128 factors")
    return "\n".join(
        [
            "## Gowalla: discovery",
            "",
            "LightGCN's split: 29,858 people, 40,981 places, 810,128 pairs to learn from; full",
            "ranking, known places left out. Published: LightGCN .183 / .155, BSPM .192 / .160.",
            "",
            *lines,
            "",
            "![Recall@20 against seconds](images/recommenders_gowalla.png)",
            "",
            "![Recall@20 against coverage and novelty](images/recommenders_variety.png)",
        ]
    )


def beauty_part(rows: dict[str, dict[str, float]]) -> str:
    """Amazon Beauty."""
    for found in rows.values():
        found["people"] = 22_363
    return "\n".join(
        [
            "## Amazon Beauty: the next product",
            "",
            "22,363 people, 12,101 products; the last product of everybody, among all products not",
            "yet had. Published, full ranking: PopRec .0152 / .0068, SASRec .0605 / .0318, S3-Rec",
            ".0647 / .0327, eSASRec .0928 / .0523.",
            "",
            *table(rows, ("HR@10", "NDCG@10"), "implicit ALS, 128 factors"),
        ]
    )


def gaps_part(results: dict[str, Any]) -> str:
    """Where the figures stand against what was aimed at, and which parts have not been run."""
    gowalla_rows = results["gowalla"]
    reference = gowalla_rows["implicit ALS, 128 factors"]

    def against(name: str) -> str:
        found = gowalla_rows[name]
        seconds = (found["fit"] + found["score"]) / (reference["fit"] + reference["score"])
        return (
            f"Recall@20 {found['recall']:.4f} and NDCG@20 {found['ndcg']:.4f} "
            f"in {seconds:.2f} x the time of implicit ALS and {found['peak']:.2f} GB"
        )

    def faster(name: str) -> str:
        found, cosine = gowalla_rows[name], gowalla_rows["implicit cosine, K 200"]
        seconds = (reference["fit"] + reference["score"]) / (found["fit"] + found["score"])
        return (
            f"{found['recall'] / reference['recall']:.2f} x the recall "
            f"at {seconds:.1f} x the speed; scoring {cosine['score'] / found['score']:.1f} x"
        )

    missing = sorted({*RUNS, "retail", "product"} - results.keys())
    lines = [
        "## Against what was aimed at",
        "",
        "- Gowalla, bar .183 / .151 in 1.1 x the time of ALS and 1.2 GB; goal .192 / .160, 120 s:",
        *(f"    - {name}: {against(name)}." for name in gowalla_rows if "SLIM" in name),
        "- Gowalla, fast mode, bar 1.05 x the recall of ALS at 4 x its speed; scoring, bar 2.5 x",
        "  implicit cosine in people a second (ours says what speaks for each product as well):",
        *(f"    - {name}: {faster(name)}." for name in gowalla_rows if "**graph" in name),
        "- Amazon Beauty, HR@10 and NDCG@10; bar SASRec .0605 / .0318, goal S3-Rec .0647 / .0327:",
        *(
            f"    - {name}: {found['hit_rate']:.4f} / {found['ndcg']:.4f}"
            for name, found in results["beauty"].items()
            if name.startswith("**")
        ),
        *retail_against(results.get("retail") or {}),
        f"- Not run on this page: {', '.join(missing)}." if missing else "- Every part was run.",
    ]
    return "\n".join(lines)


def retail_against(shops: dict[str, Any]) -> list[str]:
    """What the shops were to reach, as studies measure them."""
    lines = []
    bars = {
        "Online Retail II": "bar .24 and 1.08 x personal frequency",
        "The Complete Journey": "bar .155",
    }
    for shop, bar in bars.items():
        for name, found in shops.items():
            if name.startswith(shop) and "everybody" in name:
                maps = found["maps"]
                ranker, often = maps.get("recommendation_ranker", 0.0), maps["frequency"]
                lines.append(
                    f"- {shop}, MAP@12, {bar}: {ranker:.4f}, "
                    f"{ranker / often:.2f} x personal frequency."
                )
    return lines


def retail_part(shops: dict[str, Any]) -> str:
    """The shops where people buy again, as tools/bench_retail.py has measured them."""
    ways = {
        "popularity": "popularity",
        "personal frequency": "frequency",
        "decayed frequency and popularity": "decayed",
        **{
            name: f"recommendation_{kind}"
            for name, kind in (("simple list", "simple"), ("blend", "blend"), ("ranker", "ranker"))
        },
    }
    lines = [
        f"| shop | {' | '.join(ways)} | ranker over simple, NDCG@12 | in use | people | build s |",
        "|---|" + "---:|" * (len(ways) + 1) + "---|---:|---:|",
    ]
    losses = []
    for name, found in shops.items():
        rows = {(model, metric): rest for model, metric, *rest in found["measured"]}
        maps = [
            f"{found['maps'][way]:.4f}" if way in found["maps"] else "not grown"
            for way in ways.values()
        ]
        gain = rows.get(("recommendation_ranker", "ndcg_gain_over_simple"))
        sure = f"{gain[0]:+.4f} [{gain[1]:+.4f}, {gain[2]:+.4f}]" if gain else ""
        lines.append(
            f"| {name} | {' | '.join(maps)} "
            f"| {sure} | {str(found['promoted']).removeprefix('recommendation_')} "
            f"| {found['people']:,} | {found['seconds']:.0f} |"
        )
        losses += [
            f"| {name} | {metric.removeprefix('ndcg_lost_without_')} "
            f"| {rest[0]:+.4f} [{rest[1]:+.4f}, {rest[2]:+.4f}] |"
            for (_, metric), rest in rows.items()
            if metric.startswith("ndcg_lost_without_")
        ]
    return "\n".join(
        [
            "## Retail: people buy again",
            "",
            "MAP@12 through the product (dbt build up to the judgement of the lists) on the last",
            "days of the data, people who bought then; nothing is excluded for having been bought",
            "lately, and no rule makes room for variety. The ranker's gain is paired by person.",
            "Each shop as its example maps it (made-up consent; fuel, tobacco and alcohol are",
            "never recommended), and as studies measure: everybody agrees, whatever is sold",
            "counts, each product for itself (the grocer's titles are kinds, and a list shows a",
            "title once), only people who had bought before are judged. Decayed frequency",
            "(half-life 90 days) and .3 x popularity is what the simple list is made after.",
            "",
            *lines,
            "",
            "What the ranker loses without a group of its features (NDCG@12 among its candidates):",
            "",
            "| shop | without | lost, 95% interval |",
            "|---|---|---:|",
            *losses,
        ]
    )


def lookalikes_part(shops: dict[str, Any]) -> str:
    """Look-alike segments, as tools/bench_lookalikes.py has measured them."""
    lines = []
    for shop, found in shops.items():
        for is_spenders in (False, True):
            rows = [row for row in found["rows"] if row["is_spenders"] == is_spenders]
            about = "top tenth by spend" if is_spenders else f"{rows[0]['segments']} product groups"
            by_way = {row["way"]: f"{row['share']:.1%} | {row['lift']:.2f}" for row in rows}
            figures = " | ".join(by_way[way] for way in WAYS)
            lines.append(f"| {shop} | {about} | {rows[0]['hidden']:,} | {figures} |")
    return "\n".join(
        [
            "## Look-alike segments",
            "",
            "`tools/bench_lookalikes.py`: who buys from a product group in the last two weeks",
            "(the 30 largest groups with at least 40 buyers and at most 30% of the people) is a",
            "segment, and so is the tenth who spend most then. Half of each is told. Of the",
            "others, the 5% that come first by what was known before those weeks are taken: the",
            "share of the hidden half that is among them, and how many times more that is than by",
            "chance (lift). Activity ranks by the weight of the history alone, products in common",
            "by how many of those told have each of a person's products, same favourite by the",
            "share of those told among people of the same favourite category (product, where",
            "there are no categories); likeness alone is the cosine, look-alike what is served.",
            "",
            "| shop | segments | hidden | " + " | ".join(f"{way} | lift" for way in WAYS) + " |",
            "|---|---|---:|" + "---:|" * 2 * len(WAYS),
            *lines,
            "",
            "Who does a lot is likely to be in any segment of buyers; likeness adds most to that",
            "in a shop of many tastes, and little where everybody buys of everything.",
        ]
    )


def scale_part(rows: dict[str, dict[str, float]]) -> str:
    """The made-up crowds."""
    lines = [
        "| crowd and method | pairs | fit s | top 20 for all s | people/s | GB, data included "
        "| found again |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, found in rows.items():
        if found and "fit" not in found:
            lines.append(f"| {name} | {found['events']:,.0f} | | | | | {found['recall']:.4f} |")
        elif found:
            people = SCALES[name][0][0]
            lines.append(
                f"| {name} | {found['events']:,.0f} | {found['fit']:.1f} | {found['score']:.1f} "
                f"| {people / found['score']:,.0f} | {found['peak']:.1f} | {found['recall']:.4f} |"
            )
        else:
            lines.append(f"| {name} | did not finish |")
    return "\n".join(
        [
            "## Scale: made-up crowds",
            "",
            "Popularity and activity follow power laws, histories are capped at 100 products",
            "(repeated pairs count once); the lists are made for 100,000 people at a time. One",
            f"product of each of {JUDGES:,} people is hidden; found again is the share of them in",
            "the top 20. What SLIM loses by learning from a part of the people is the difference",
            "between its lines; the default is 500,000. In such a crowd a product speaks for a",
            "person's taste, one of a hundred, and for no other product: counting learns all there",
            "is to learn, so the graph beats the regression; on Gowalla and Beauty it does not.",
            "",
            *lines,
        ]
    )


def product_part(rows: dict[str, dict[str, Any]], alone: dict[str, dict[str, float]]) -> str:
    """Gowalla through the product, as tools/bench_product.py has measured it."""
    lines = [
        "| method | Recall@20 | NDCG@20 | alone, Recall@20 | learning s | applying s "
        "| alone, both s | dbt build s | loading s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, found in rows.items():
        own = alone[name]
        lines.append(
            f"| {name} | {found['recall']:.4f} | {found['ndcg']:.4f} | {own['recall']:.4f} "
            f"| {found['learn']:.1f} | {found['apply']:.1f} | {own['fit'] + own['score']:.1f} "
            f"| {found['build']:.0f} | {found['load']:.0f} |"
        )
    slowest = [
        f"{name.removeprefix('int_personalize__')} {seconds:.1f}"
        for name, seconds in list(next(iter(rows.values()))["steps"].items())[:6]
    ]
    return "\n".join(
        [
            "## Gowalla through the product",
            "",
            "`tools/bench_product.py`: the check-ins as order lines of one order per person, with",
            "made-up consent, dates and prices, built by dbt up to `personalize__recommendations`",
            "without tests; 20 products, the strategy `discovery` alone, histories up to 1,000",
            "products, no backtest, no rules; SLIM with `similar_min_common_profiles: 1` as alone.",
            "SLIM and the filter are learnt side by side and slow each other; both are added up.",
            "",
            *lines,
            "",
            f"The slowest steps, in seconds: {', '.join(slowest)}.",
        ]
    )


def scatter(axes: Any, rows: dict[str, dict[str, float]], across: Callable[..., float]) -> None:
    """Recall of all methods against another measure: a line per method, its sizes as points."""
    families: dict[str, list[tuple[float, float, str]]] = {}
    for name, found in rows.items():
        method, _, size = name.partition(", ")
        if found:
            families.setdefault(method, []).append((across(found), found["recall"], size))
    for place, (method, points) in enumerate(families.items()):
        color = "tab:red" if method.startswith("**") else "tab:gray"
        marker = "osD^vP*X"[place % 8]
        xs, ys, _ = zip(*points, strict=True)
        axes.plot(xs, ys, color=color, marker=marker, label=method.replace("*", ""))
        for x, y, size in (points[0], points[-1]) if len(points) > 1 else ():
            axes.annotate(
                size, (x, y), xytext=(4, -11), textcoords="offset points", color=color, fontsize=7
            )
    axes.set_ylim(0.02, 0.21)
    axes.grid(alpha=0.3)
    axes.set_ylabel("Recall@20")


def pictures(rows: dict[str, dict[str, float]]) -> None:
    """Quality against time, coverage and novelty of all methods on Gowalla."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    PICTURES.mkdir(exist_ok=True)
    figure, axes = pyplot.subplots(figsize=(8, 6.5))
    scatter(axes, rows, lambda found: found["fit"] + found["score"])
    axes.set(xscale="log", xlim=(0.1, 100), xlabel="seconds to fit and to score everybody")
    axes.legend(loc="lower right", fontsize=8)
    axes.set_title("Gowalla: quality against time, 2 cores (red: this package)")
    figure.tight_layout()
    figure.savefig(PICTURES / "recommenders_gowalla.png", dpi=110)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(13, 6.5), sharey=True)
    scatter(left, rows, lambda found: found["coverage"])
    left.set(xlim=(-0.05, 1), xlabel="coverage: share of all products that are in a list")
    scatter(right, rows, lambda found: found["novelty"])
    right.set(xlim=(4, 11), xlabel="novelty: mean -log2 of the share of people who have it")
    right.legend(loc="lower right", fontsize=8)
    figure.suptitle("Gowalla: quality, coverage and novelty (red: this package)")
    figure.tight_layout()
    figure.savefig(PICTURES / "recommenders_variety.png", dpi=110)


def main() -> int:
    """Runs everything, or the parts that are named, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], help=", ".join(RUNS))
    parser.add_argument("--only", default="", help="only methods with this in their name")
    options = parser.parse_args()
    if not DATA.is_dir():
        say(f"{shown(DATA)} is not here; the benchmark of the recommenders needs it.")
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for part, (_, names) in RUNS.items():
        if options.parts and part not in options.parts:
            continue
        path = FOLDER / f"{part}.json"
        results = json.loads(path.read_text()) if options.only and path.exists() else {}
        runs: dict[str, list[dict[str, float]]] = {n: [] for n in names if options.only in n}
        for name in list(runs) * REPEATS[part]:
            runs[name].append(measured(part, name))
            results[name] = medians(runs[name])
            say(f"{part}: {name}: {runs[name][-1]}")
            path.write_text(json.dumps(results, indent=1))
    kept = {part: FOLDER / f"{part}.json" for part in (*RUNS, "retail", "product", "lookalikes")}
    everything = {
        part: json.loads(path.read_text()) for part, path in kept.items() if path.exists()
    }
    if everything.keys() >= {"gowalla", "beauty"}:
        PAGE.write_text(page(everything))
        pictures(everything["gowalla"])
        say(f"Written to {shown(PAGE)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
