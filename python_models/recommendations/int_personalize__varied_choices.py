"""Chooses the products of every list: pinned ones at their places, the others one after another.

At each place the product with the largest

    (1 - weight) * (1 - (rank - 1) / places) - weight * likeness

is taken, where rank is its place by the model and the rules, and likeness the largest likeness to
a product that is in the list already (maximal marginal relevance, Carbonell and Goldstein 1998).
Products are alike by what the catalogue says: .5 for the same category, .25 each for the same
subcategory and the same brand; where it says none of these, the first two or three words of the
titles stand in. Every list is a function of its own rows alone, so the people may be
split into parts in any way; where there are several, Snowpark runs them side by side.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

KINDS = {"category_number": 0.5, "subcategory_number": 0.25, "brand_number": 0.25}
DIGITS = 9
CHUNK = 4096
PACKAGES = ["numpy", "pandas"]  # of the processes side by side
INPUTS = (
    *("window_number", "profile_number", "product_number", "ruled_rank", "pinned_place"),
    *KINDS,
)
SCHEMA = {
    "window_number": "int64",
    "profile_number": "int64",
    "product_number": "int64",
    "place": "int64",
}


def as_lists(frame):
    """The rows sorted by list and rank; for each row its list and its column in that list."""
    frame = frame.sort_values(
        ["window_number", "profile_number", "ruled_rank"], kind="stable", ignore_index=True
    )
    keys = frame[["window_number", "profile_number"]].to_numpy()
    starts = np.ones(len(frame), dtype=bool)
    starts[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    lists = np.cumsum(starts) - 1
    columns = np.arange(len(frame)) - np.flatnonzero(starts)[lists]
    return frame, lists, columns


def padded(values, lists, columns, shape, empty):
    """The values of all rows as an array of lists x columns."""
    result = np.full(shape, empty, dtype=np.asarray(values).dtype)
    result[lists, columns] = values
    return result


def places_of(ranks, pins, kinds, places, weight):
    """The place of every product, 0 for none; all arrays are lists x columns, ranks 0 where empty.

    kinds: one array per kind of likeness, in the order of KINDS.
    """
    rows = np.arange(len(ranks))
    relevance = np.where(ranks > 0, (1 - weight) * (1 - (ranks - 1) / places), -np.inf)
    likeness = np.zeros(ranks.shape)
    chosen = np.zeros(ranks.shape, dtype=np.int64)
    for place in range(1, places + 1):
        value = (relevance - weight * likeness).round(DIGITS)
        value[(chosen > 0) | (pins > place)] = -np.inf
        value[(pins == place) & (chosen == 0)] = np.inf
        best = value.argmax(axis=1)
        found = value[rows, best] > -np.inf
        chosen[rows[found], best[found]] = place
        alike = sum(
            share * (kind == kind[rows, best][:, None])
            for kind, share in zip(kinds, KINDS.values(), strict=True)
        )
        likeness = np.where(found[:, None], np.maximum(likeness, alike), likeness)
    return chosen


def choose(frame, places, weight):
    """The chosen rows of the numbered choices, with their places."""
    frame, lists, columns = as_lists(frame)
    tables = [pd.DataFrame(columns=list(SCHEMA)).astype(SCHEMA)]
    count = lists[-1] + 1 if len(lists) else 0
    bounds = np.searchsorted(lists, np.arange(0, count + CHUNK, CHUNK))
    for first, last in pairwise(bounds):
        part, own = frame.iloc[first:last], lists[first:last] - lists[first : first + 1]
        column = columns[first:last]
        if not len(part):
            continue
        shape = (own[-1] + 1, column.max() + 1)
        chosen = places_of(
            padded(part["ruled_rank"].to_numpy(np.int64), own, column, shape, 0),
            padded(part["pinned_place"].to_numpy(np.int64), own, column, shape, 0),
            [padded(part[kind].to_numpy(np.int64), own, column, shape, 0) for kind in KINDS],
            places,
            weight,
        )[own, column]
        tables.append(part.assign(place=chosen)[chosen > 0])
    return pd.concat(tables, ignore_index=True)


def side_by_side(relation, places, weight):
    """The choices from a Snowpark frame, each part in whatever process the warehouse gives it."""

    def apply(rows):
        given = pd.DataFrame({name: rows[name.upper()].to_numpy(np.int64) for name in INPUTS})
        table = choose(given, places, weight)[list(SCHEMA)]
        return table.astype(SCHEMA).rename(columns=str.upper)

    for thing in list(globals().values()):
        if getattr(thing, "__module__", None) == __name__:
            thing.__module__ = "__main__"  # so that it travels with apply, as a copy
    names = [name.upper() for name in list(SCHEMA)[:3]]
    schema = relation.select(*names, relation["RULED_RANK"].alias("PLACE")).schema
    parts = relation.group_by("PART")
    return parts.apply_in_pandas(apply, output_schema=schema, packages=PACKAGES)


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """dbt's entry: what may be chosen in, what is chosen out."""
    dbt.config(materialized="table")
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    rules = read(dbt.ref("int_personalize__recommendation_rules"))
    places = int(settings["recommendations_per_profile"])
    weight = float(rules.loc[rules["kind"] == "diversity", "weight"].sum())
    choices = dbt.ref("int_personalize__numbered_choices")
    if hasattr(choices, "to_local_iterator") and choices.select("PART").distinct().count() > 1:
        return side_by_side(choices, places, weight)
    return write(choose(read(choices), places, weight), SCHEMA, session)
