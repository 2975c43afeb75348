"""Erasure in small worlds: afterwards no table but the inputs holds anything of the person.

Who is erased is judged by who was one profile before; what is left, by searching every text of
every table. All rows are made up as an export would hold them.
"""

import random
import re
from collections import defaultdict

import pytest
from compiled import Warehouse, nodes
from load_raw import input_contract
from test_match_memory import WEIGHTS

WORLDS = 60
TOKEN = re.compile(r"c\d+-\d+|[abc]\d+@mail\.example|k[12]-\d+")
ERASED_AT = "2026-03-01 12:00:00"
COLUMNS = {
    table: dict.fromkeys(contract["columns"], "varchar")
    for table, contract in input_contract().items()
}


def made_up(number, chooser):
    """A random world before any erasure: {input: rows}."""
    rows = {table: [] for table in COLUMNS}
    many = chooser.randint(1, 5)
    system = {place: chooser.choice(["crm", "shop"]) for place in range(many + 1)}

    def email():
        return chooser.choice(
            [None, f"a{number}@mail.example", f"b{number}@mail.example", f"C{number}@mail.example "]
        )

    def time(month):
        return f"2026-{month:02}-{chooser.randint(1, 27):02} 10:00:00"

    def somebody(is_named=True):
        place = chooser.randint(0, many)
        named = {"source_system": system[place], "source_customer_id": f"c{number}-{place}"}
        return named if is_named else {}

    for place in range(many):
        for month in chooser.choice([[1], [1], [1, 2]]):
            rows["customers"].append(
                {
                    "source_system": system[place],
                    "source_customer_id": f"c{number}-{place}",
                    "email": email(),
                    "phone": chooser.choice(
                        [None, None, f"+49 30 {number:07}", f"030 1{number:06}"]
                    ),
                    "first_name": chooser.choice([None, None, "Zoë", "Bernd"]),
                    "updated_at": time(month),
                }
            )
    for event in range(chooser.randint(0, 6)):
        key = f"e{number}x{event}"
        kind = chooser.choice(
            ["orders", "web_events", "web_events", "consent_events", "email_events"]
        )
        row = somebody(chooser.random() < 0.6) | {"email": email()}
        if kind == "orders":
            row |= {"order_id": key, "ordered_at": time(2)}
            rows["order_lines"].append(
                {"order_id": key, "line_number": "1", "product_id": "tea", "quantity": "1"}
            )
        elif kind == "web_events":
            row |= {
                "event_id": key,
                "occurred_at": time(2),
                "event_type": "product_view",
                "product_id": "tea",
                "anonymous_id": chooser.choice([None, f"k1-{number}", f"k2-{number}"]),
            }
        elif kind == "consent_events":
            row |= {
                "event_id": key,
                "occurred_at": time(2),
                "channel": "email",
                "purpose": chooser.choice(["marketing", "personalization", "nonsense"]),
                "status": chooser.choice(["granted", "withdrawn"]),
            }
        else:
            row = {
                "event_id": key,
                "occurred_at": time(2),
                "event_type": chooser.choice(["send", "unsubscribe", "oops"]),
                "email": row["email"],
            }
        rows[kind].append(row)
    return rows


def erasure(number, rows, chooser):
    """A request to erase somebody of the world, by account or by address alone; or none."""
    customer = chooser.choice(rows["customers"])
    request = {"request_id": f"r{number}", "requested_at": ERASED_AT, "request_type": "erasure"}
    if chooser.random() < 0.3:
        return None
    if customer["email"] and chooser.random() < 0.5:
        return request | {"email": customer["email"]}
    return request | {key: customer[key] for key in ("source_system", "source_customer_id")}


def account(row):
    return (
        f"{row['source_system']}|{row['source_customer_id']}"
        if row.get("source_customer_id")
        else None
    )


def address(row):
    return row["email"].strip().lower() if row.get("email") else None


def build(warehouse, worlds):
    """Lands the worlds as inputs and builds everything; gives {(type, identifier): profile}."""
    for table, columns in COLUMNS.items():
        rows = [row for world in worlds for row in world[table]]
        if table == "products":
            rows = [{"product_id": "tea", "title": "Tea", "price": "4.00"}]
        warehouse.give(f"demo_{table}", columns, rows)
    warehouse.build()
    return {
        (kind, identifier): profile
        for kind, identifier, profile in warehouse.rows(
            "select identifier_type, identifier, profile_id from int_personalize__identity_map"
        )
    }


def texts(warehouse):
    """{identifier of a person: the tables that hold it}, over every text of every table."""
    found = defaultdict(set)
    for name in nodes():
        columns = [
            column for column, kind, *_ in warehouse.rows(f"describe {name}") if kind == "VARCHAR"
        ]
        for row in (
            warehouse.rows(f"select distinct {', '.join(columns)} from {name}") if columns else []
        ):
            for token in TOKEN.findall(" ".join(filter(None, row))):
                found[token.lower()].add(name)
    return found


def gone(world, request, profile_of):
    """The accounts, addresses and cookies that an erasure takes away."""
    if request.get("email"):
        asked = {account(row) for row in world["customers"] if address(row) == address(request)}
        asked |= {who for who in seen_with(world) if only_address(world, who) == address(request)}
    else:
        asked = {account(request)}
    profiles = {profile_of.get(("account", who)) for who in asked} - {None}
    accounts = {
        identifier
        for (kind, identifier), profile in profile_of.items()
        if kind == "account" and profile in profiles
    } | asked
    living = {only_address(world, who) for who in seen_with(world) - accounts}
    records = [row for table in world.values() for row in table]
    emails = {address(row) for row in records if account(row) in accounts} - living
    emails = (emails | {address(request)}) - {None}
    users = defaultdict(set)
    for row in world["web_events"]:
        if row["anonymous_id"] and (account(row) or address(row)):
            users[row["anonymous_id"]].add(
                account(row) in accounts if account(row) else address(row) in emails
            )
    cookies = {cookie for cookie, are_gone in users.items() if all(are_gone)}
    return accounts, emails, cookies


def seen_with(world):
    return {account(row) for rows in world.values() for row in rows} - {None}


def only_address(world, who):
    """The address an account holds: the customer's newest, else the only one seen elsewhere."""
    versions = [row for row in world["customers"] if account(row) == who]
    if versions and address(newest := max(versions, key=lambda row: row["updated_at"])):
        return address(newest)
    others = {
        address(row)
        for table, rows in world.items()
        if table not in ("customers", "email_events")
        for row in rows
        if account(row) == who
    } - {None}
    return others.pop() if len(others) == 1 else None


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_left(seed):
    chooser = random.Random(seed)
    worlds = [made_up(number, chooser) for number in range(WORLDS)]
    warehouse = Warehouse()
    before = build(warehouse, worlds)

    requests = [erasure(number, world, chooser) for number, world in enumerate(worlds)]
    forbidden, erased_profiles = set(), set()
    for world, request in zip(worlds, requests, strict=True):
        if request:
            accounts, emails, cookies = gone(world, request, before)
            forbidden |= {who.split("|")[1] for who in accounts} | emails | cookies
            taken = {("account", who) for who in accounts} | {("email", who) for who in emails}
            taken |= {("anonymous", who) for who in cookies}
            erased_profiles |= {before[identifier] for identifier in taken if identifier in before}
            world["privacy_requests"].append(request)
    assert len(forbidden) > WORLDS

    after = build(warehouse, worlds)
    held = texts(warehouse)
    assert not {token: held[token] for token in forbidden & set(held)}
    assert {
        profile
        for (profile,) in warehouse.rows("select profile_id from int_personalize__erased_profiles")
    } == (erased_profiles - set(after.values()))
    # The requests are gone, and the rows come again, under new account ids too.
    for world in worlds:
        world["privacy_requests"].clear()
    newcomers = {table: [] for table in COLUMNS}
    for number, email in enumerate(sorted(token for token in forbidden if "@" in token)):
        newcomers["customers"].append(
            {
                "source_system": "till",
                "source_customer_id": f"n{number}",
                "email": email,
                "updated_at": "2026-04-01 10:00:00",
            }
        )
    build(warehouse, [*worlds, newcomers])
    held = texts(warehouse)
    assert not {token: held[token] for token in forbidden & set(held)}

    # A newer consent by address lets its person in again, with what came after the erasure.
    returning = chooser.choice([row["email"] for row in newcomers["customers"]])
    newcomers["consent_events"].append(
        {
            "event_id": "again",
            "email": returning,
            "occurred_at": "2026-04-02 10:00:00",
            "channel": "email",
            "purpose": "marketing",
            "status": "confirmed",
        }
    )
    final = build(warehouse, [*worlds, newcomers])
    assert ("email", returning) in final
    (mailable,) = warehouse.rows(
        "select can_market from int_personalize__permissions"
        f" where profile_id = '{final['email', returning]}'"
    )
    assert mailable == (True,)
    old = warehouse.rows(
        f"select record_id from stg_personalize__customers where email = '{returning}'"
        f" and updated_at <= timestamp '{ERASED_AT}'"
    )
    assert not old


def like(account, email, **changed):
    """A customer row of one and the same woman."""
    system, number = account.split("|")
    woman = {"first_name": "Philippa", "last_name": "Quennell", "birth_date": "1971-03-09"}
    place = {"postal_code": "50667", "city": "Köln", "updated_at": "2026-01-05 10:00:00"}
    named = {"source_system": system, "source_customer_id": number, "email": email}
    return woman | place | named | changed


def two_alike(variables="{}"):
    """A warehouse, its rows, and its profiles: two accounts that share no identifier are one."""
    warehouse = Warehouse(variables)
    warehouse.build("int_personalize__match_levels")
    warehouse.connection.execute(WEIGHTS)
    people = {table: [] for table in COLUMNS}
    people["customers"] = [
        like("shop|c1-1", "a1@mail.example"),
        like("till|c1-2", "b1@mail.example"),
        like("till|c1-3", "c1@mail.example", first_name="Bernd", birth_date="1950-07-30"),
    ]
    for number in range(40):  # whom nobody resembles, so that her name is a rare one
        other = {"first_name": f"N{number:02}x", "last_name": f"L{number:02}y"}
        place = {"postal_code": f"9{number:02}00", "city": f"T{number:02}z"}
        born = {"birth_date": f"19{40 + number}-11-{1 + number % 28:02}"}
        people["customers"].append(like(f"pos|x{number}", None, **other, **place, **born))
    profiles = build(warehouse, [people])
    assert profiles["account", "shop|c1-1"] == profiles["account", "till|c1-2"]
    return warehouse, people, profiles


REQUEST = {
    "request_id": "r1",
    "requested_at": ERASED_AT,
    "request_type": "erasure",
    "email": "a1@mail.example",
}


def test_an_erasure_takes_whom_likeness_joined_and_says_so():
    """Two accounts that share no identifier were published as one; consent brings back its own."""
    warehouse, people, profiles = two_alike()
    assert profiles["account", "till|c1-3"] != profiles["account", "till|c1-2"]

    people["privacy_requests"] = [REQUEST]
    assert ("email", "c1@mail.example") in build(warehouse, [people])
    assert not {"c1-1", "c1-2", "a1@mail.example", "b1@mail.example"} & set(texts(warehouse))
    erased = "select identifier_hash, erased_with, match_probability"
    rows = warehouse.rows(f"{erased} from int_personalize__erased_identifiers")
    likely = [probability for _, erased_with, probability in rows if erased_with]
    assert len(rows) == 4 and len(likely) == 2 and min(likely) >= 0.95
    assert warehouse.rows("select profile_id from int_personalize__erased_profiles") == [
        (profiles["account", "shop|c1-1"],)
    ]

    # A run later nothing has changed; then she who was taken for Philippa signs up again.
    build(warehouse, [people])
    assert len(warehouse.rows("select 1 from int_personalize__erased_profiles")) == 1
    people["customers"].append(like("till|c1-2", "b1@mail.example", updated_at="2026-04-01"))
    people["consent_events"].append(
        {
            "event_id": "again",
            "email": "b1@mail.example",
            "occurred_at": "2026-04-02 10:00:00",
            "channel": "email",
            "purpose": "marketing",
            "status": "granted",
        }
    )
    final = build(warehouse, [people])
    assert ("account", "till|c1-2") in final and ("account", "shop|c1-1") not in final


def test_an_erasure_can_leave_whom_likeness_joined():
    """erase_likely_accounts: false: she stays, under an id of her own; the profile is gone.

    Receipts have a row per erased profile, and one per refusal that says with whom it was erased.
    """
    warehouse, people, profiles = two_alike("{erase_likely_accounts: false}")
    people["privacy_requests"] = [REQUEST]
    for _ in range(2):  # in a run after the first one nothing changes
        after = build(warehouse, [people])
        own = after["account", "till|c1-2"]
        assert own == after["email", "b1@mail.example"] != profiles["account", "till|c1-2"]
    assert not {"c1-1", "a1@mail.example"} & set(texts(warehouse))
    assert warehouse.rows("select profile_id from int_personalize__erased_profiles") == [
        (profiles["account", "shop|c1-1"],)
    ]
    refusals = warehouse.rows("select erased_with from int_personalize__refusals")
    assert len(refusals) == 2 and not any(erased_with for (erased_with,) in refusals)
    changes = "select change, other_profile_id from personalize__identity_changes"
    assert warehouse.rows(f"{changes} where profile_id = '{own}'") == [("created", "")]
