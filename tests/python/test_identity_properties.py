"""Identity against an oracle in plain Python, on small worlds made up by hypothesis.

Many worlds share one database; their identifiers begin with the number of the world, so they
cannot meet.
"""

import random
import unicodedata
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import combinations

from compiled import Warehouse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

MODELS = [
    f"int_personalize__{name}"
    for name in [
        *("runs", "blocked_identifiers", "sightings", "accounts", "match_keys"),
        *("exact_persons", "match_links", "match_groups", "match_persons"),
        *("persons", "email_owners", "cookie_owners", "identity_nodes", "identity_registry"),
        "identity_map",
    ]
] + ["personalize__identity_changes"]
TEXT, TIME = "varchar", "timestamp"
PERSON = {"source_system": TEXT, "source_customer_id": TEXT, "email": TEXT}
TABLES = {
    "customers": {
        **PERSON,
        "phone": TEXT,
        "first_name": TEXT,
        "birth_date": "date",
        "created_at": TIME,
        "updated_at": TIME,
        "is_current": "boolean",
    },
    "orders": {**PERSON, "ordered_at": TIME},
    "web_events": {**PERSON, "anonymous_id": TEXT, "occurred_at": TIME},
    "email_events": {"email": TEXT, "occurred_at": TIME},
    "consent_events": {**PERSON, "occurred_at": TIME},
    "privacy_requests": {**PERSON, "requested_at": TIME},
    "audience_segments": {**PERSON, "valid_from": TIME},
}
START = datetime(2026, 1, 1)
CAP = 10
PLACEHOLDERS = {None, "", "unknown", "1900-01-01"}
PLACEHOLDER_EMAIL = "none@none.com"
BATCH = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # to make a batch smaller would take minutes; the messages do it
    suppress_health_check=list(HealthCheck),
)

PHONES = [None, None, "+49 30 11{:04}", "0049 (0)30 11-{:04}", "030 33{:04}", "0000000"]

accounts = st.fixed_dictionaries(
    {
        "system": st.sampled_from(["crm", "shop"]),
        "email": st.sampled_from([None, "a", "b", "c", "none"]),
        "phone": st.sampled_from(PHONES),
        "first_name": st.sampled_from([None, None, "Zoë", "ZOE ", "Bernd", "unknown", "-"]),
        "birth_date": st.sampled_from([None, None, None, "1990-05-01", "1985-02-03", "1900-01-01"]),
    }
)
records = st.fixed_dictionaries(
    {
        "table": st.sampled_from(["orders", "web_events", "email_events"]),
        "account": st.one_of(st.none(), st.integers(0, 7)),
        "email": st.sampled_from([None, None, "a", "b", "d"]),
        "cookie": st.sampled_from([None, "k1", "k2"]),
    }
)
# Accounts, records, and how many of each come only later.
worlds = st.tuples(
    st.lists(accounts, min_size=1, max_size=7), st.lists(records, max_size=6), st.integers(0, 3)
)
batches = st.lists(worlds, min_size=40, max_size=60)


def rows_of(number, world, late=True):
    """The staged rows of a world, {table: rows}, with or without those that come later."""
    people, sightings, late_count = world
    rows = {name: [] for name in TABLES}

    def address(key):
        return PLACEHOLDER_EMAIL if key == "none" else key and f"{key}{number}@mail.example"

    def time(place, many):
        return START + timedelta(
            days=place + (60 if place >= many - late_count else 0), minutes=number
        )

    def shown(members):
        return list(enumerate(members if late else members[: max(0, len(members) - late_count)]))

    for place, person in shown(people):
        rows["customers"].append(
            {
                "source_system": person["system"],
                "source_customer_id": f"{number}-{place}",
                "email": address(person["email"]),
                "phone": person["phone"] and person["phone"].format(number),
                "first_name": person["first_name"],
                "birth_date": person["birth_date"],
                "updated_at": time(place, len(people)),
                "is_current": True,
            }
        )
    for place, sighting in shown(sightings):
        who = sighting["account"] if sighting["table"] != "email_events" else None
        system = people[who]["system"] if who is not None and who < len(people) else "shop"
        when = time(20 + place, 20 + len(sightings))
        rows[sighting["table"]].append(
            {
                "source_system": None if who is None else system,
                "source_customer_id": None if who is None else f"{number}-{who}",
                "email": address(sighting["email"]),
                "anonymous_id": sighting["cookie"] and f"{sighting['cookie']}-{number}",
                "ordered_at": when,
                "occurred_at": when,
            }
        )
    return rows


def merged(worlds_rows):
    """The rows of many worlds in one set of tables."""
    tables = {name: [] for name in TABLES}
    for rows in worlds_rows:
        for name, found in rows.items():
            tables[name] += found
    return tables


def resolve(warehouse, tables):
    """Runs identity; gives {(type, identifier): profile_id}."""
    for name, columns in TABLES.items():
        warehouse.give(f"stg_personalize__{name}", columns, tables[name])
    warehouse.build(*MODELS)
    found = warehouse.rows(
        "select identifier_type, identifier, profile_id from int_personalize__identity_map"
    )
    assert len(found) == len({row[:2] for row in found})
    return {(kind, identifier): profile for kind, identifier, profile in found}


# The oracle


def plain_name(name):
    letters = unicodedata.normalize("NFD", (name or "").lower())
    kept = "".join(
        letter if letter.isalnum() else " "
        for letter in letters
        if not unicodedata.combining(letter)
    )
    return None if kept.strip() in PLACEHOLDERS else kept.strip()


def plain_phone(phone):
    digits = "".join(letter for letter in (phone or "").replace("(0)", "") if letter.isdigit())
    if len(set(digits)) < 2:
        return None
    return "+" + digits.removeprefix("00") if phone.startswith(("+", "00")) else digits


class Oracle:
    """Who is who in one world, by definition rather than by joins."""

    def __init__(self, rows):
        self.accounts = {}
        for row in rows["customers"]:
            key = f"{row['source_system']}|{row['source_customer_id']}"
            self.accounts[key] = {
                "email": row["email"],
                "phone": plain_phone(row["phone"]),
                "name": plain_name(row["first_name"]),
                "born": None if row["birth_date"] in PLACEHOLDERS else row["birth_date"],
                "seen": row["updated_at"],
            }
        self.sightings = [
            (
                f"{row['source_system']}|{row['source_customer_id']}"
                if row.get("source_customer_id")
                else None,
                row["email"],
                row.get("anonymous_id") if table == "web_events" else None,
                row["occurred_at"],
            )
            for table in ("orders", "web_events", "email_events")
            for row in rows[table]
        ]
        seen_with = defaultdict(set)
        for account, email, _, time in self.sightings:
            if account:
                known = self.accounts.setdefault(
                    account,
                    {"email": None, "phone": None, "name": None, "born": None, "seen": time},
                )
                known["seen"] = min(known["seen"], time)
                seen_with[account] |= {email} - {None}
        for account, emails in seen_with.items():
            if self.accounts[account]["email"] is None and len(emails) == 1:
                (self.accounts[account]["email"],) = emails
        self.keys = {
            account: {
                (kind, known[kind])
                for kind in ("email", "phone")
                if known[kind] and known[kind] != PLACEHOLDER_EMAIL
            }
            for account, known in self.accounts.items()
        }
        holders = defaultdict(set)
        for account, keys in self.keys.items():
            for key in keys:
                holders[key].add(account)
        self.edges = {
            pair: key
            for key, group in holders.items()
            if len(group) <= CAP
            for pair in combinations(sorted(group), 2)
        }
        self.components = self.closure(self.edges)
        self.persons = self.closure(
            {
                pair: key
                for pair, key in self.edges.items()
                if self.label(pair[0]) == self.label(pair[1])
            }
        )

    def closure(self, edges):
        """{account: frozenset of the accounts it is connected with}."""
        groups = {account: {account} for account in self.accounts}
        for one, other in edges:
            if groups[one] is not groups[other]:
                groups[one] |= groups[other]
                for account in groups[other]:
                    groups[account] = groups[one]
        return {account: frozenset(group) for account, group in groups.items()}

    def conflict(self, group):
        names = {self.accounts[account]["name"] for account in group} - {None}
        born = {self.accounts[account]["born"] for account in group} - {None}
        return len(names) > 1 or len(born) > 1

    def first_label(self, account):
        known = self.accounts[account]
        component = self.components[account]
        if not self.conflict(component):
            return ""
        if not known["name"]:
            return None
        born = {
            self.accounts[other]["born"]
            for other in component
            if self.accounts[other]["name"] == known["name"]
        }
        born -= {None}
        if len(born) < 2:
            return (known["name"], *born)
        return (known["name"], known["born"]) if known["born"] else None

    def label(self, account):
        label = self.first_label(account)
        if label is not None:
            return label
        known = self.accounts[account]
        neighbours = {
            self.first_label(other)
            for pair in self.edges
            for one, other in (pair, pair[::-1])
            if one == account
        } - {None}
        fitting = {
            (name, *born)
            for name, *born in neighbours
            if known["name"] in (None, name) and known["born"] in (None, *born)
        }
        if len(fitting) == 1:
            return fitting.pop()
        if not known["name"] and known["born"]:
            return ("", known["born"])
        return ("alone", account)

    def email_owner(self, email):
        """Whose an address is: the first account that holds it, else the only one seen with it."""
        holding = [account for account, known in self.accounts.items() if known["email"] == email]
        if holding:
            first = {
                self.persons[account]: min(
                    self.accounts[other]["seen"]
                    for other in self.persons[account]
                    if other in holding
                )
                for account in holding
            }
            return min(first, key=lambda person: (first[person], min(person)))
        seen = {
            self.persons[account]
            for account, other, *_ in self.sightings
            if account and other == email
        }
        return seen.pop() if len(seen) == 1 else email

    def cookie_owner(self, cookie):
        """The person of a cookie, or the cookie itself where there is not exactly one."""
        persons = {
            self.persons[account] if account else self.email_owner(email)
            for account, email, other, _ in self.sightings
            if other == cookie and (account or email)
        }
        return persons.pop() if len(persons) == 1 else cookie

    def clusters(self):
        """The identifiers of each person, as a set of frozensets."""
        people = defaultdict(set)
        for account, person in self.persons.items():
            people[person].add(("account", account))
        emails = {known["email"] for known in self.accounts.values()} | {
            email for _, email, *_ in self.sightings
        }
        for email in emails - {None, PLACEHOLDER_EMAIL}:
            people[self.email_owner(email)].add(("email", email))
        for cookie in {cookie for *_, cookie, _ in self.sightings} - {None}:
            people[self.cookie_owner(cookie)].add(("anonymous", cookie))
        return {frozenset(person) for person in people.values()}


# The properties


@BATCH
@given(batches, st.randoms(use_true_random=False))
def test_who_is_who(batch, shuffler):
    """The very persons of the oracle, whatever the order of the rows."""
    made = [rows_of(number, world) for number, world in enumerate(batch)]
    tables = merged(made)
    profile_of = resolve(Warehouse(), tables)
    oracles = [Oracle(rows) for rows in made]
    found = {frozenset(person) for person in people(profile_of).values()}
    expected = set().union(*(oracle.clusters() for oracle in oracles))
    wrong = [rows for rows, oracle in zip(made, oracles, strict=True) if oracle.clusters() - found]
    smallest = min(wrong, key=lambda rows: sum(map(len, rows.values())), default=None)
    assert found == expected, smallest and (smallest, Oracle(smallest).clusters() - found)
    for oracle in oracles:
        judge(oracle, {account: profile_of["account", account] for account in oracle.accounts})

    for rows in tables.values():
        shuffler.shuffle(rows)
    assert resolve(Warehouse(), tables) == profile_of


def judge(oracle, profile):
    """What never happens, and what always does, whatever else the rules say."""
    for one, other in combinations(sorted(oracle.accounts), 2):
        if profile[one] == profile[other]:
            assert not oracle.conflict((one, other)), "two names or birthdays in one profile"
            assert oracle.components[one] == oracle.components[other], "glued by a cookie"
        elif (one, other) in oracle.edges:
            assert oracle.conflict(oracle.components[one]), f"{one} and {other} agree and are apart"


@BATCH
@given(batches)
def test_ids_last(batch):
    """Ids outlive runs, rebuilds from nothing and new records."""
    early = merged([rows_of(number, world, late=False) for number, world in enumerate(batch)])
    full = merged([rows_of(number, world) for number, world in enumerate(batch)])
    warehouse = Warehouse()
    before = resolve(warehouse, early)
    assert resolve(warehouse, early) == before, "a second run moves nothing"
    after = resolve(warehouse, full)
    from_nothing = resolve(Warehouse(), full)

    members, was = people(after), people(before)
    sources = {
        profile: {before[identifier] for identifier in person if identifier in before}
        for profile, person in members.items()
    }
    heirs = defaultdict(set)
    for profile, olds in sources.items():
        for old in olds:
            heirs[old].add(profile)
    for profile, olds in sources.items():
        assert profile in olds or profile not in was, "an id went to somebody it never was"
        if len(olds) == 1 and heirs[(old := min(olds))] == {profile}:
            assert profile == old, "who neither merged nor split keeps the id"
            assert {from_nothing[identifier] for identifier in members[profile]} == {old}
    for old, new in heirs.items():
        assert old in new or any(len(sources[profile]) > 1 for profile in new), "an id was lost"
        with_account = {profile for profile in new if has_account(members[profile])}
        if old in new and has_account(was[old]):
            assert old in with_account, "an id went with a cookie and not with the account"

    changes = warehouse.rows(
        "select profile_id, change, other_profile_id from personalize__identity_changes"
    )
    expected = {(profile, "created", "") for profile in set(was) | set(members)}
    for profile, olds in sources.items():
        expected |= {
            (profile, "split" if old in members else "merged", old) for old in olds - {profile}
        }
    assert set(changes) == expected and len(changes) == len(expected)


def has_account(person):
    return any(kind == "account" for kind, _ in person)


def people(identity_map):
    found = defaultdict(set)
    for identifier, profile in identity_map.items():
        found[profile].add(identifier)
    return found


def test_long_chains_are_closed():
    """Hundred accounts in a row, each sharing a phone or an e-mail with the next, in any order."""
    chooser = random.Random(7)
    tables = {name: [] for name in TABLES}
    for chain in range(20):
        names = chooser.sample(range(1000, 9999), 100)
        for place, name in enumerate(names):
            tables["customers"].append(
                {
                    "source_system": "shop",
                    "source_customer_id": f"{chain}-{name}",
                    "email": f"{chain}-{(place + 1) // 2}@mail.example",
                    "phone": f"+49{chain:03}{place // 2:06}",
                    "updated_at": START,
                    "is_current": True,
                }
            )
    profiles = resolve(Warehouse(), tables)
    assert len(set(profiles.values())) == 20


def test_a_junk_phone_of_many_joins_nobody():
    tables = {name: [] for name in TABLES}
    for number in range(10_000):
        tables["customers"].append(
            {
                "source_system": "till",
                "source_customer_id": number,
                "phone": "0800 4711" if number % 2 else "+49 800 4711",
                "updated_at": START,
                "is_current": True,
            }
        )
    assert len(set(resolve(Warehouse(), tables).values())) == 10_000
