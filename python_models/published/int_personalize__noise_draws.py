"""Noise for published counts: discrete Laplace, drawn exactly and never from a seed."""

from fractions import Fraction
from random import SystemRandom

import pandas as pd

SCHEMA = {"kind": "string", "name": "string", "noise": "int64"}
KINDS = 3  # segment sizes, product buyers, experiment cells: each gets its share of epsilon
DRAW = SystemRandom()


def happens(probability):
    """True with exactly this probability, a fraction."""
    return DRAW.randrange(probability.denominator) < probability.numerator


def happens_exp(gamma):
    """True with probability exp(-gamma), gamma in [0, 1]: Canonne, Kamath, Steinke 2020, Alg. 1."""
    place = 1
    while happens(gamma / place):
        place += 1
    return place % 2 == 1


def discrete_laplace(scale):
    """An integer x with probability proportional to exp(-|x| / scale): the same paper, Alg. 2."""
    while True:
        rest = DRAW.randrange(scale.numerator)
        if not happens_exp(Fraction(rest, scale.numerator)):
            continue
        whole = 0
        while happens_exp(Fraction(1)):
            whole += 1
        size = (rest + scale.numerator * whole) // scale.denominator
        is_negative = DRAW.randrange(2) == 1
        if is_negative and size == 0:
            continue
        return -size if is_negative else size


def scale_of(settings):
    """The scale of the noise: cells a person counts in over epsilon; None where there is none."""
    epsilon = settings["publish_epsilon"]
    if not epsilon:
        return None
    return KINDS * Fraction(settings["publish_max_cells_per_person"]) / Fraction(epsilon)


def drawn(counts, scale):
    """Each aggregate with its noise."""
    if scale is None:
        return counts.head(0).assign(noise=pd.Series(dtype="int64"))
    return counts.assign(noise=[discrete_laplace(scale) for _ in range(len(counts))])


def read(relation):
    """A relation of DuckDB or a Snowpark frame as a pandas frame with lower-case columns."""
    frame = relation.to_pandas() if hasattr(relation, "to_pandas") else relation.df()
    return frame.rename(columns=str.lower)


def write(frame, schema, session):
    """The frame in the given types; with upper-case columns where Snowpark lands it."""
    frame = frame.reindex(columns=list(schema)).astype(schema)
    return frame.rename(columns=str.upper) if hasattr(session, "create_dataframe") else frame


def model(dbt, session):
    """Noise for every aggregate of this run; a release stores it, or nobody does."""
    dbt.config(materialized="table")
    counts = read(dbt.ref("int_personalize__publishable_counts"))
    settings = read(dbt.ref("int_personalize__settings")).set_index("name")["value"]
    return write(drawn(counts, scale_of(settings)), SCHEMA, session)
