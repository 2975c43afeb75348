"""Consent against an oracle written from promise 3 alone: thousands of histories in one database.

The latest event decides; in a tie the stronger opt-out wins (suppression, objection, withdrawal,
denial, expiry, grant); pending never ends a grant; only a later confirmed ends a suppression or an
objection; an opt-out by address binds everybody who holds it; no evidence, no mail.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from compiled import Warehouse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

AS_OF = datetime(2026, 5, 1, 6)  # the demo's, at which the models are compiled
HISTORIES = 2_500
MODELS = [
    "int_personalize__blocked_identifiers",
    "int_personalize__resolved_customers",
    "int_personalize__resolved_consent_events",
    "int_personalize__resolved_privacy_requests",
    "int_personalize__held_addresses",
    "int_personalize__addresses",
    "int_personalize__blocked_by_rejection",
    "int_personalize__consent_decisions",
    "int_personalize__suppressions",
    "personalize__consent",
    "int_personalize__permissions",
]
TEXT, TIME, BOOLEAN = "varchar", "timestamp", "boolean"
PERSON = {"record_id": TEXT, "source_system": TEXT, "source_customer_id": TEXT, "email": TEXT}
CUSTOMER = {
    name: TEXT
    for name in (
        *("phone", "first_name", "last_name", "gender", "address", "city", "region", "country"),
        *("postal_code", "language", "timezone", "loyalty_tier"),
    )
}
CONSENT = {
    **PERSON,
    "event_id": TEXT,
    "occurred_at": TIME,
    "recorded_at": TIME,
    "channel": TEXT,
    "purpose": TEXT,
    "status": TEXT,
    "lawful_basis": TEXT,
    "collected_via": TEXT,
    "notice_version": TEXT,
    "jurisdiction": TEXT,
    "expires_at": TIME,
    "tcf_string": TEXT,
    "gpc": BOOLEAN,
}
REQUEST = {**PERSON, "request_id": TEXT, "requested_at": TIME, "request_type": TEXT}
REPORT = {
    "record_id": TEXT,
    "event_id": TEXT,
    "occurred_at": TIME,
    "event_type": TEXT,
    "email": TEXT,
}
JUDGED = {"row_status": TEXT, "reject_reason": TEXT}
TABLES = {
    "stg_personalize__customers": {
        **PERSON,
        **CUSTOMER,
        "birth_date": "date",
        "created_at": TIME,
        "updated_at": TIME,
        "is_current": BOOLEAN,
    },
    "stg_personalize__consent_events": CONSENT,
    "stg_personalize__privacy_requests": REQUEST,
    "stg_personalize__email_events": REPORT,
    "int_personalize__sightings": {"account": TEXT, "email": TEXT},
    "int_personalize__identity_map": {
        "identifier_type": TEXT,
        "identifier": TEXT,
        "profile_id": TEXT,
        "match_rule": TEXT,
        "match_probability": "double",
        "first_seen_at": TIME,
    },
    "int_personalize__checked_consent_events": CONSENT | JUDGED,
    "int_personalize__checked_privacy_requests": REQUEST | JUDGED,
    "int_personalize__checked_email_events": {**REPORT, **JUDGED},
}

PURPOSES = ("marketing", "personalization", "third_party_data")
GIVING = ("granted", "confirmed")
TAKING = ("withdrawn", "denied", "expired")
STRONGEST = ("objected", "withdrawn", "denied", "expired", "granted", "confirmed")
# What the channels of the events mean for e-mail; an opt-out of an unknown channel means all.
E_MAIL, ALL, OTHER, UNKNOWN = ("email", "newsletter"), ("all", "*"), ("sms",), ("mail", "pigeon")


@dataclass
class Person:
    """Somebody with one account, who holds one address now and perhaps held another before."""

    account: str
    email: str | None
    former: str | None

    def holds(self, email):
        return email is not None and email in (self.email, self.former)


@dataclass
class Event:
    """A consent event, a privacy request or a report of the mail platform."""

    kind: str
    status: str
    at: datetime
    account: str | None = None
    email: str | None = None
    purpose: str | None = None
    channel: str | None = None
    recorded: datetime | None = None
    expires: datetime | None = None
    gpc: bool = False


@dataclass
class History:
    people: list[Person]
    events: list[Event] = field(default_factory=list)

    def owner(self, email):
        """Who is meant by an address alone: the first who holds it now."""
        return next((person for person in self.people if person.email == email), None)


def made_up(number, chooser):
    """A random history; few instants and addresses, so that ties and shared mailboxes abound."""
    addresses = [f"x{number}@mail.example", f"y{number}@mail.example"]
    history = History(
        [
            Person(
                f"shop|{number}-{place}",
                chooser.choice([None, *addresses]),
                chooser.choice([None, None, *addresses]),
            )
            for place in range(chooser.choice([1, 1, 2, 3]))
        ]
    )

    def instant():
        return AS_OF - timedelta(hours=chooser.randint(0, 4))

    for _ in range(chooser.randint(0, 7)):
        event = Event(chooser.choice(["consent"] * 6 + ["request", "report"]), "", instant())
        event.email = chooser.choice([None, *addresses])
        event.account = chooser.choice([None, *(person.account for person in history.people)])
        if event.kind == "consent":
            event.status = chooser.choice([*GIVING, *GIVING, *TAKING, "pending"])
            event.purpose = chooser.choice(PURPOSES[:1] * 4 + PURPOSES)
            event.channel = chooser.choice(E_MAIL * 3 + ALL + OTHER + UNKNOWN)
            event.recorded = chooser.choice([None, event.at, AS_OF, AS_OF + timedelta(hours=1)])
            event.expires = chooser.choice([None] * 4 + [AS_OF, AS_OF + timedelta(hours=1)])
            event.gpc = chooser.random() < 0.1
        elif event.kind == "request":
            event.status = chooser.choice(
                ["objection"] * 3 + ["restriction", "opt_out_of_sale", "access"]
            )
        else:
            event.status = chooser.choice(["hard_bounce", "complaint", "unsubscribe", "open"])
            event.account, event.email = None, event.email or addresses[0]
        if event.account or event.email:
            history.events.append(event)
    return history


# The oracle


def concerns(history, person, event, takes):
    """Whether an event speaks of a person; what takes away speaks of all who hold the address."""
    if takes and person.holds(event.email):
        return True
    if event.account:
        return event.account == person.account
    return history.owner(event.email) is person


def evidence(history, person, purpose):
    """(instant, status, event) of everything that speaks of a person, a purpose and e-mail."""
    found = []
    for event in history.events:
        if event.kind == "consent" and event.purpose == purpose:
            takes = event.status in TAKING
            reaches = E_MAIL + ALL + (UNKNOWN if takes else ())
            known = takes or (event.recorded or event.at) <= AS_OF
            if known and event.channel in reaches and concerns(history, person, event, takes):
                over = event.status in GIVING and event.expires and event.expires <= AS_OF
                found.append((event.at, "expired" if over else event.status, event))
        if event.gpc and purpose == "third_party_data" and concerns(history, person, event, True):
            found.append((event.at, "denied", event))
        if event.kind == "request" and concerns(history, person, event, True):
            for effect in EFFECTS.get((event.status, purpose), []):
                found.append((event.at, effect, event))
    return found


EFFECTS = {
    ("objection", "marketing"): ["objected"],
    ("objection", "personalization"): ["objected"],
    **{("restriction", purpose): ["withdrawn"] for purpose in PURPOSES},
    ("opt_out_of_sale", "third_party_data"): ["withdrawn"],
}


def status(history, person, purpose):
    """What holds for a person, a purpose and e-mail: a status, or None without evidence."""
    found = evidence(history, person, purpose)
    confirmed = [
        at for at, _, event in found if event.kind == "consent" and event.status == "confirmed"
    ]
    standing = [
        at for at, what, _ in found if what == "objected" and not any(c > at for c in confirmed)
    ]
    if standing:
        return "objected"
    decisive = [(at, what) for at, what, _ in found if what != "pending"]
    if not decisive:
        return "pending" if found else None
    latest = max(at for at, _ in decisive)
    return min((what for at, what in decisive if at == latest), key=STRONGEST.index)


def is_suppressed(history, person):
    """Whether a report about an address of the person stands."""
    for report in history.events:
        if report.kind != "report" or report.status == "open" or not person.holds(report.email):
            continue
        if report.status == "hard_bounce" and report.email != person.email:
            continue
        if not any(
            event.kind == "consent"
            and event.status == "confirmed"
            and event.purpose == "marketing"
            and event.channel in E_MAIL + ALL
            and (event.recorded or event.at) <= AS_OF
            and concerns(history, person, event, False)
            and event.email in (None, report.email)
            and event.at > latest_report(history, report)
            for event in history.events
        ):
            return True
    return False


def latest_report(history, report):
    return max(
        event.at
        for event in history.events
        if (event.kind, event.status, event.email) == ("report", report.status, report.email)
    )


def is_restricted(history, person):
    return any(
        event.kind == "request"
        and event.status == "restriction"
        and concerns(history, person, event, True)
        for event in history.events
    )


def expected(history):
    """{account: what may be done}."""
    found = {}
    for person in history.people:
        statuses = {purpose: status(history, person, purpose) for purpose in PURPOSES}
        free = not is_restricted(history, person)
        found[person.account] = {
            "statuses": {purpose: what for purpose, what in statuses.items() if what},
            "allowed": tuple(free and statuses[purpose] in GIVING for purpose in PURPOSES),
            "is_suppressed": is_suppressed(history, person),
            "is_restricted": not free,
        }
    return found


# The models


def decided(histories):
    """What the models make of the histories: {account: what may be done}."""
    warehouse = Warehouse()
    rows = {name: [] for name in TABLES}
    for history in histories:
        for name, found in rows_of(history).items():
            rows[name] += found
    for number, row in enumerate(rows["stg_personalize__consent_events"]):
        row["event_id"] = number
    for number, row in enumerate(rows["stg_personalize__privacy_requests"]):
        row["request_id"] = number
    for name, columns in TABLES.items():
        text = [
            {key: None if v is None else str(v) for key, v in row.items()} for row in rows[name]
        ]
        warehouse.give(name, columns, text)
    warehouse.build(*MODELS)
    found = {
        account: {
            "statuses": {},
            "allowed": tuple(allowed),
            "is_suppressed": suppressed,
            "is_restricted": restricted,
        }
        for account, *allowed, suppressed, restricted in warehouse.rows(
            "select profile_id, can_market, can_personalize, can_use_third_party, is_suppressed,"
            " is_restricted from int_personalize__permissions"
        )
    }
    for account, purpose, what, is_allowed in warehouse.rows(
        "select profile_id, purpose, status, is_allowed from personalize__consent"
        " where channel = 'email'"
    ):
        found[account]["statuses"][purpose] = what
        assert is_allowed == (what in GIVING)
    return found


def rows_of(history):
    """The staged rows of a history."""
    rows = {name: [] for name in TABLES}

    def account_columns(account):
        system, _, customer = (account or "").partition("|")
        return {"source_system": system or None, "source_customer_id": customer or None}

    for person in history.people:
        base = account_columns(person.account)
        rows["stg_personalize__customers"] += [
            base
            | {"email": person.former, "updated_at": AS_OF - timedelta(9), "is_current": False},
            base | {"email": person.email, "updated_at": AS_OF - timedelta(8), "is_current": True},
        ]
        rows["int_personalize__identity_map"].append(
            {
                "identifier_type": "account",
                "identifier": person.account,
                "profile_id": person.account,
            }
        )
    for email in {person.email for person in history.people} - {None}:
        rows["int_personalize__identity_map"].append(
            {
                "identifier_type": "email",
                "identifier": email,
                "profile_id": history.owner(email).account,
            }
        )
    for event in history.events:
        row = account_columns(event.account) | {"email": event.email}
        if event.kind == "consent":
            row |= {
                "occurred_at": event.at,
                "recorded_at": event.recorded,
                "channel": event.channel,
                "purpose": event.purpose,
                "status": event.status,
                "expires_at": event.expires,
                "gpc": event.gpc or None,
            }
            rows["stg_personalize__consent_events"].append(row)
        elif event.kind == "request":
            row |= {"requested_at": event.at, "request_type": event.status}
            rows["stg_personalize__privacy_requests"].append(row)
        else:
            row = {"occurred_at": event.at, "event_type": event.status, "email": event.email}
            rows["stg_personalize__email_events"].append(row)
    return rows


@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_every_history_is_judged_as_promised(seed):
    chooser = random.Random(seed)
    histories = [made_up(number, chooser) for number in range(HISTORIES)]
    found = decided(histories)
    wrong = [
        history
        for history in histories
        if any(found[account] != judgement for account, judgement in expected(history).items())
    ]
    if wrong:
        smallest = min(wrong, key=lambda history: (len(history.events), len(history.people)))
        assert {person.account: found[person.account] for person in smallest.people} == expected(
            smallest
        ), f"{len(wrong)} of {HISTORIES} histories, the smallest: {smallest}"


def test_the_histories_hold_every_case():
    """The judgements of the oracle are of every kind, or agreeing with it would say little."""
    chooser = random.Random(1)
    judgements = [
        judgement
        for number in range(HISTORIES)
        for judgement in expected(made_up(number, chooser)).values()
    ]
    statuses = [one["statuses"].get("marketing") for one in judgements]
    for what in (None, "pending", *STRONGEST):
        assert statuses.count(what) > 20, what
    for flag in ("is_suppressed", "is_restricted"):
        assert 100 < sum(one[flag] for one in judgements) < len(judgements) - 100
