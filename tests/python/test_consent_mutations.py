"""No condition of the eligibility logic is idle: each, turned into true, changes an answer.

Every operand of every `and` of the consent models is replaced by true, one at a time. The answers
then have to differ from those of the oracle in consent_oracle.py.
"""

import random

import duckdb
import pytest
import sqlglot
from compiled import nodes
from consent_oracle import made_up
from sqlglot import exp
from test_consent_properties import MODELS, differences, landed, random_questions, wanted_of

FEW, MANY = 150, 6_000
# Who is who and what a table says; the consent logic proper is what comes after them.
NOT_MUTATED = {
    "int_personalize__blocked_identifiers",
    "int_personalize__resolved_customers",
    "int_personalize__resolved_consent_events",
    "int_personalize__resolved_privacy_requests",
    "int_personalize__blocked_by_rejection",
    "int_personalize__jurisdiction_rules",
}
MUTATED = [model for model in MODELS if model not in NOT_MUTATED]
# Conditions that no answer can depend on, and why.
NO_NULLS = "what is null joins nothing; the model's test not_null asks for it"
NO_CLASH = "a placeholder of another kind cannot read like it"
AS_SHIPPED = "whoever has gpc_level 1 has tcf_level 1 in the reference table as it is shipped"
IDLE = {
    ("int_personalize__addresses", "blocked.identifier_type = 'email'"): NO_CLASH,
    ("int_personalize__profile_rules", "blocked.identifier_type = 'birth_date'"): NO_CLASH,
    ("int_personalize__bound_statements", "NOT statements.profile_id IS NULL"): NO_NULLS,
    ("int_personalize__consent_decisions", "counts_where = 'gpc'"): AS_SHIPPED,
}


def mutants(sql):
    """(condition, SQL in which it is true) of every operand of an `and`."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for number, conjunction in enumerate(tree.find_all(exp.And)):
        for side in ("this", "expression"):
            operand = conjunction.args[side]
            if isinstance(operand, exp.And):
                continue
            mutant = tree.copy()
            list(mutant.find_all(exp.And))[number].set(side, exp.true())
            yield operand.sql("duckdb"), mutant.sql("duckdb")


class World:
    """Histories in a database in which everything is built, and what the oracle says of them."""

    def __init__(self, size):
        chooser = random.Random(size)
        histories = [made_up(number, chooser) for number in range(size)]
        self.wanted = wanted_of(histories, random_questions(random.Random(size)))
        self.warehouse = landed(histories)
        self.warehouse.build(*MODELS)
        assert not list(differences(self.warehouse, self.wanted))

    def notices(self, model, sql):
        """Whether an answer changes when the model is built by other SQL."""
        later = [name for name in MODELS if name != model and depends(name, model)]
        try:
            self.warehouse.connection.execute(f"create or replace table {model} as {sql}")
            self.warehouse.build(*later)
            return next(differences(self.warehouse, self.wanted), None) is not None
        except duckdb.Error:
            return True
        finally:
            self.warehouse.build(model, *later)


def depends(name, model):
    reads = [read for read in nodes()[name].reads if read in nodes()]
    return model in reads or any(depends(read, model) for read in reads)


@pytest.mark.heavy
def test_every_condition_counts(capsys):
    few, many = World(FEW), None
    lines, idle = [], []
    for model in MUTATED:
        for condition, sql in mutants(nodes()[model].sql):
            noticed = few.notices(model, sql)
            if not noticed:
                many = many or World(MANY)
                noticed = many.notices(model, sql)
            known = (model, condition) in IDLE
            lines.append(f"{'noticed' if noticed else 'idle   '}  {model}: {condition}")
            if not noticed and not known:
                idle.append((model, condition))
    with capsys.disabled():
        print("", *lines, f"{len(lines)} conditions turned into true", sep="\n")
    assert len(lines) > 100
    assert not idle
