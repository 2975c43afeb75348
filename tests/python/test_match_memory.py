"""Likely pairs from run to run: what is remembered changes no row, ids and order change nobody."""

import random
from datetime import datetime

import pytest
from compiled import Warehouse, nodes
from model_runs import module
from test_identity_properties import MODELS, TABLES

NAMES = ["anna", "anne", "hanna", "josé", "jose", "Σοφία", "Анна", "zoë", "lena", "lene", "ole"]
LASTS = ["müller", "muller", "smith", "smyth", "garcía", "papadopoulos", "иванова", "berg"]
CITIES = ["Köln", "koln", "Athens", "Oslo"]
MATCHING = ("match_records", "match_frequencies", "match_weights", "match_memory", "match_scores")
USED = ("full_name", "first_name_and_city", "birth_date_and_postal_code")
START = datetime(2026, 1, 1)
TEXT = "varchar"
CUSTOMERS = TABLES["customers"] | dict.fromkeys(
    ["last_name", "address", "postal_code", "city", "region", "gender", "birth_date_as_written"],
    TEXT,
)
WEIGHTS = """
    create or replace table int_personalize__match_training as
    select
        comparison, level_number, level_name, assumed_m as m,
        case when agrees then .02 else .5 end as u, 1.0 as matches, 'then' as learnt
    from int_personalize__match_levels
    union all
    select '', 0, 'start', .3, .7, 1.0, 'then'
"""


def prepared(limit, used=()):
    """A warehouse with frozen parameters: no block of more records than the limit is used.

    Where rules are named, the others use none.
    """
    warehouse = Warehouse()
    warehouse.build("int_personalize__blocked_identifiers", "int_personalize__match_levels")
    warehouse.connection.execute(WEIGHTS)
    values = ", ".join(
        f"('{rule}', {limit if not used or rule in used else 1},"
        " 0, 0, 0, 0, 0, 1, timestamp '2026-01-01', 'so')"
        for rule in rules()
    )
    warehouse.connection.execute(f"insert into int_personalize__match_limits values {values}")
    return warehouse


def rules():
    """The rules as the compiled SQL names them."""
    sql = nodes()["int_personalize__match_limits"].sql
    section = sql[sql.index("rules as (") :].split(")")[0]
    return [line.split("'")[1] for line in section.splitlines() if "as rule_id" in line]


def drawn(draw, number):
    """A customer at random, some fields empty."""
    born = f"19{draw.randrange(80, 83)}-0{draw.randrange(1, 4)}-11"
    return {
        "source_system": "shop",
        "source_customer_id": number,
        "first_name": draw.choice(NAMES),
        "last_name": draw.choice([*LASTS, None]),
        "birth_date": draw.choice([born, born, None]),
        "city": draw.choice(CITIES),
        "postal_code": draw.choice(["50667", "50668", None]),
        "updated_at": START,
        "is_current": True,
    }


def built(warehouse, customers, names=MATCHING):
    """Matches the customers."""
    warehouse.give("stg_personalize__customers", CUSTOMERS, customers)
    warehouse.build(*(f"int_personalize__{name}" for name in names))
    return warehouse


def remembered(warehouse):
    """What matching knows, but for the order of rows."""
    return warehouse.rows("select * from int_personalize__match_memory order by all")


def blocks(warehouse):
    """The blocks that are too large."""
    found = "select one, other from int_personalize__match_memory where kind = 'block'"
    return set(warehouse.rows(found))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_changes_no_row(seed):
    """Days of new, changed and gone records, each beside a run that remembers nothing."""
    draw = random.Random(seed)
    customers = {number: drawn(draw, number) for number in range(60)}
    growing = built(prepared(4, USED), list(customers.values()))
    filled = emptied = kept = 0
    for day in range(1, 6):
        before, pairs_before = blocks(growing), set(pairs(growing))
        for number in draw.sample(sorted(customers), 3):
            del customers[number]
        for number in draw.sample(sorted(customers), 3):
            customers[number] = drawn(draw, number)
        for number in range(1000 * day, 1000 * day + 3):
            customers[number] = drawn(draw, number)
        built(growing, list(customers.values()))
        scratch = prepared(4, USED)
        frozen = "select * from int_personalize__match_frequencies"
        scratch.connection.executemany(
            "insert into int_personalize__match_frequencies values (?, ?, ?, ?)",
            growing.rows(frozen),
        )
        built(scratch, draw.sample(list(customers.values()), len(customers)))
        assert remembered(growing) == remembered(scratch)
        filled += len(blocks(growing) - before)
        emptied += len(before - blocks(growing))
        kept += len(pairs_before & set(pairs(growing)))
    assert min(filled, emptied) > 2 and kept > 10, "blocks crossed their limit both ways"
    before = remembered(growing)
    assert remembered(built(growing, list(customers.values()))) == before


def shared(draw, number):
    """A customer who may share a mailbox or phone with others, up to more than is believed."""
    return drawn(draw, number) | {
        "email": draw.choice([None, "a@x.example", *(f"m{n}@x.example" for n in range(15))]),
        "phone": draw.choice([None, None, *(f"+49 30 11{n:04}" for n in range(15))]),
        "created_at": draw.choice([None, START]),
    }


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_changes_no_row(seed):
    """Accounts and whom they are joined with, day by day and from nothing: all the same.

    Customers come, change, go and come back, others are seen elsewhere first or are erased; a
    mailbox is shared by too many and then is not; placeholders and nicknames are edited.
    """
    draw = random.Random(seed)
    growing, customers, orders = prepared(1000), {}, []
    crowds, seen = 0, []
    for day in range(1, 9):
        for number in draw.sample(sorted(customers), min(len(customers), 4)):
            del customers[number]
        for number in draw.sample(sorted(customers), min(len(customers), 6)):
            customers[number] = shared(draw, number)
        for number in (*range(100 * day, 100 * day + 15), *draw.sample(range(100, 200), 2)):
            customers[number] = shared(draw, number)
        for number in draw.sample(sorted(customers), 5) if day in (3, 4) else ():
            customers[number]["email"] = "a@x.example"
        if day == 6:
            for customer in customers.values():
                customer["email"] = (
                    None if customer["email"] == "a@x.example" else customer["email"]
                )
        orders.append(
            {"source_system": "shop", "source_customer_id": draw.randrange(100, 900)}
            | {"email": f"m{draw.randrange(15)}@x.example", "ordered_at": START}
        )
        scratch = prepared(1000)
        for warehouse in (growing, scratch):
            if day >= 5:
                edit(warehouse)
            given(warehouse, list(customers.values()), orders)
        kept = [rows_of(warehouse) for warehouse in (growing, scratch)]
        assert kept[0] == kept[1]
        crowds += bool(
            growing.rows("select 1 from int_personalize__match_keys where not is_matchable")
        )
        seen.append(len(kept[0]["exact_persons"]))
    assert 0 < crowds < 8 and min(seen[1:]) > 5, "a mailbox crossed its limit; some shared one"


def edit(warehouse):
    """Another placeholder, and another nickname."""
    warehouse.connection.execute(
        "delete from personalize_blocked_identifiers where identifier in ('lena', 'm1@x.example');"
        "insert into personalize_blocked_identifiers (identifier_type, identifier)"
        " values ('first_name', 'lena'), ('email', 'm1@x.example');"
        "delete from personalize_nicknames where nickname = 'ole';"
        "insert into personalize_nicknames (nickname, name) values ('ole', 'olaf')"
    )


def given(warehouse, customers, orders):
    """Builds what is known of accounts, without any likeness."""
    for name, columns in TABLES.items():
        warehouse.give(f"stg_personalize__{name}", columns, orders if name == "orders" else [])
    names = ("blocked_identifiers", "sightings", "accounts", "match_keys", "exact_persons")
    names += ("match_records", "match_links", "match_groups", "match_persons", "persons")
    built(warehouse, customers, names)


def rows_of(warehouse):
    """What is kept, but for the numbers that records go by, and the persons made of it."""
    tables = {name: "*" for name in ("accounts", "match_keys", "exact_persons", "persons")}
    tables["match_records"] = "* exclude (place)"
    return {
        name: warehouse.rows(f"select {columns} from int_personalize__{name} order by all")
        for name, columns in tables.items()
    }


def test_nothing_is_remembered_of_nobody():
    """The last customer goes, and with it what is kept from run to run."""
    draw = random.Random(1)
    warehouse = built(prepared(1000), [drawn(draw, number) for number in range(30)])
    assert remembered(warehouse)
    built(warehouse, [])
    for name in ("records", "frequencies", "memory where kind <> 'parameters'"):
        assert not warehouse.rows(f"select * from int_personalize__match_{name}"), name


def pairs(warehouse):
    """The scored pairs with their weight."""
    return warehouse.rows(
        "select left_account, right_account, match_weight from int_personalize__match_scores"
    )


def people(warehouse, customers):
    """The profile of every account, after likely pairs."""
    for name, columns in TABLES.items():
        if name != "customers":
            warehouse.give(f"stg_personalize__{name}", columns, [])
    built(warehouse, customers)
    models = [name.removeprefix("int_personalize__") for name in MODELS[:-1]]
    first = models[: models.index("match_persons")]
    built(warehouse, customers, [*first, "doubtful_links"])
    connection = warehouse.connection
    doubtful = connection.sql("select * from int_personalize__match_groups where is_doubtful")
    links = connection.sql("select * from int_personalize__doubtful_links")
    parts = module("int_personalize__match_parts").parts_of(
        doubtful.df().sort_values("person"), links.df(), 50
    )
    connection.register("parts_found", parts)
    connection.execute(
        "create or replace table int_personalize__match_parts as"
        " select cast(person as varchar) as person, cast(part as varchar) as part from parts_found"
    )
    built(warehouse, customers, models[models.index("match_persons") :])
    return dict(
        warehouse.rows(
            "select identifier, profile_id from int_personalize__identity_map"
            " where identifier_type = 'account'"
        )
    )


@pytest.mark.parametrize("seed", range(2))
def test_order_and_news_change_nobody(seed):
    """Any order gives the same persons; a new record splits none, and no id changes hands."""
    draw = random.Random(seed)
    customers = [drawn(draw, number) for number in range(50)]
    growing = prepared(1000)
    before = people(growing, customers)
    assert len(set(before.values())) < 45, "some are joined by likeness"
    shuffled = draw.sample(customers, len(customers))
    assert people(prepared(1000), shuffled) == before
    customers += [drawn(draw, number) for number in range(1000, 1010)]
    after = people(growing, customers)
    heirs = {}
    for account, profile in before.items():
        heirs.setdefault(profile, set()).add(after[account])
    assert all(len(profiles) == 1 for profiles in heirs.values()), "a new record split a person"
    for profile in set(after.values()) & set(before.values()):
        owners = {account for account, was in before.items() if was == profile}
        assert {after[account] for account in owners} == {profile}, "an id changed hands"
