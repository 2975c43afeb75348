"""Made-up consent histories, and what the rules make of them, told in Python from the rules alone.

The latest event decides; in a tie the stronger opt-out wins (restriction, suppression, objection,
withdrawal, denial, expiry, grant); pending never ends a grant; nothing ends a restriction, and only
a later confirmed a suppression or an objection; an opt-out by address binds everybody who holds it;
a grant counts as far as the strictest rules of the event's jurisdiction and the person's countries
accept it; no evidence, no mail.
"""

import csv
import itertools
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from common import ROOT

AS_OF = datetime(2026, 5, 1, 6)  # the demo's, at which the models are compiled
VOID = "@void.example"  # of the placeholders that the test adds to the reference table
BEGINNING, THE_END = datetime(1990, 1, 1), datetime(5000, 1, 1)
SOFT_BOUNCES = 3
WEEK = timedelta(hours=168)

PURPOSES = ("marketing", "personalization", "third_party_data")
GIVING = ("granted", "confirmed")
TAKING = ("withdrawn", "denied", "expired")
STRENGTH = (
    *("restricted", "suppressed", "objected", "withdrawn", "denied", "expired"),
    *("granted", "confirmed", "pending"),
)
# What the channels of the events mean for e-mail; an opt-out of an unknown channel means all.
E_MAIL, ALL, OTHER, UNKNOWN = ("email", "newsletter"), ("all", "*"), ("sms",), ("mail", "pigeon")
EFFECTS = {
    "objection": [("marketing", "objected"), ("personalization", "objected")],
    "restriction": [(purpose, "restricted") for purpose in PURPOSES],
    "opt_out_of_sale": [("third_party_data", "withdrawn")],
    "access": [],
}
REPORTS = ("hard_bounce", "complaint", "unsubscribe")
ARRIVED = ("delivered", "open", "click")


def reference(name):
    """The rows of a reference seed."""
    with open(ROOT / "seeds" / "reference" / f"personalize_{name}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


RULES = {row["jurisdiction"]: row for row in reference("jurisdictions")}
NAMES = {row["jurisdiction_name"]: row["jurisdiction"] for row in reference("jurisdiction_names")}
ROLES = {row["local_part"] for row in reference("role_addresses")}
DISPOSABLE = {row["domain"] for row in reference("disposable_domains")}
BASES = {
    None: "consent",
    **{row["lawful_basis_name"]: row["lawful_basis"] for row in reference("lawful_bases")},
}
# One name of each jurisdiction for each draw, so that all of them come up, and names of nowhere.
COUNTRIES = [None, None, "DE", "DE", "Germany", "FR", "IT", "PL", "US", "US", "GB", "KR", "IN"]
EVERYWHERE = [*COUNTRIES, *(name.upper() for name in NAMES), "Atlantis"]
SPELLINGS = [None, *BASES, "Consent", "Soft_Opt_In", "because we can"]


@dataclass
class Account:
    """One account of somebody: the address it holds now and perhaps held before."""

    key: str
    email: str | None
    former: str | None
    country: str | None = None
    region: str | None = None
    born: date | None = None


@dataclass
class Person:
    """Somebody with one account, or with two that were found to be the same person's."""

    profile: str
    accounts: list[Account]

    @property
    def email(self):
        """The address that would be written to: that of the newest account with a real one."""
        written = (a.email for a in reversed(self.accounts) if a.email)
        return next((email for email in written if VOID not in email), None)


@dataclass
class Event:
    """A consent event, a privacy request or a report of the mail platform."""

    kind: str
    key: str
    status: str
    at: datetime
    account: str | None = None
    email: str | None = None
    purpose: str | None = None
    channel: str | None = None
    recorded: datetime | None = None
    expires: datetime | None = None
    gpc: bool = False
    tcf: str | None = None
    tcf_purposes: frozenset = frozenset()
    basis: str | None = None
    jurisdiction: str | None = None


@dataclass
class History:
    people: list[Person]
    events: list[Event] = field(default_factory=list)

    def owner(self, email):
        """Who is meant by an address alone: the first who holds it now, else who held it before."""
        if email is None:
            return None
        accounts = [(person, account) for person in self.people for account in person.accounts]
        now = [person for person, account in accounts if account.email == email]
        before = [person for person, account in accounts if account.former == email]
        return next(iter([*now, *before]), None)

    def holds(self, person, email):
        """Whether somebody holds or held an address, or was seen with it."""
        mine = {account.key for account in person.accounts}
        known = [address for a in person.accounts for address in (a.email, a.former)]
        known += [event.email for event in self.events if event.account in mine]
        return email is not None and email in known

    def instants(self):
        """Every instant at which something happens or is learnt of, and those just before."""
        found = {AS_OF}
        for event in self.events:
            found |= {event.at, event.recorded or event.at}
            found |= {event.expires} if event.expires else set()
            for days in (180, 365, 730, 1095):
                found.add(event.at + timedelta(days))
        return sorted(found | {moment - timedelta(seconds=1) for moment in found})


def tcf_string(purposes):
    """A TC string of version 2 that consents to the purposes, as the IAB encodes it."""
    # Version, created, updated, CMP, its version, screen, language, vendors, policy, flags.
    fields = [(2, 6), (17_000_000_000, 36), (17_000_000_000, 36), (300, 12), (1, 12), (1, 6)]
    fields += [(67, 12), (220, 12), (4, 6), (1, 1), (0, 1), (0, 12)]
    bits = "".join(f"{value:0{width}b}" for value, width in fields)
    bits += "".join("1" if purpose in purposes else "0" for purpose in range(1, 25))
    bits += "1" * 24  # legitimate interest for everything, which must not count
    bits += "0" * (-len(bits) % 6)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "".join(letters[int(bits[i : i + 6], 2)] for i in range(0, len(bits), 6))


def made_up(number, chooser):
    """A random history; few instants and addresses, so that ties and shared mailboxes abound."""
    addresses = [f"x{number}@mail.example", f"y{number}@mail.example"]
    if chooser.random() < 0.1:
        odd = [
            f"info@m{number}.example",
            f"z{number}@yopmail.com",
            f"none{number}{VOID}",
        ]
        addresses[1] = chooser.choice(odd)
    # Somebody's address may read like somebody's account.
    tail = chooser.choice([""] * 9 + ["@mail.example"])
    addresses += [f"shop|{number}-0{tail}"] if tail else []
    places = itertools.count()

    def account():
        country = chooser.choice(EVERYWHERE)
        years = chooser.choice([12, 13, 14, 15, 16, 17, 18, 40])
        birthday = date(AS_OF.year - years, AS_OF.month, AS_OF.day)
        return Account(
            f"shop|{number}-{next(places)}{tail}",
            chooser.choice([None, *addresses]),
            chooser.choice([None, None, *addresses]),
            country,
            chooser.choice([None, "ca", "QC"]) if country in ("US", "CA") else None,
            chooser.choice([None, None, None, birthday + timedelta(chooser.randint(-1, 1))]),
        )

    people = []
    for place in range(chooser.choice([1, 1, 2, 3])):
        mine = [account() for _ in range(chooser.choice([1, 1, 1, 2]))]
        people.append(Person(f"p{number}-{place}", mine))
    history = History(people)
    accounts = [a.key for person in people for a in person.accounts]

    def instant():
        days = chooser.choice([0, 0, 0, 0, 0, 0, 180, 365, 730, 1095])
        return AS_OF - timedelta(days=days, hours=chooser.randint(0, 4))

    for place in range(chooser.randint(0, 7)):
        kind = chooser.choice(["consent"] * 6 + ["request", "report"])
        event = Event(kind, f"{number:06}.{place}", "", instant())
        event.email = chooser.choice([None, *addresses])
        event.account = chooser.choice([None, *accounts])
        if kind == "consent":
            event.status = chooser.choice([*GIVING, *GIVING, *TAKING, "pending"])
            event.purpose = chooser.choice(PURPOSES[:1] * 4 + PURPOSES)
            event.channel = chooser.choice(E_MAIL * 3 + ALL + OTHER + UNKNOWN)
            event.recorded = chooser.choice(
                [None, event.at, AS_OF, AS_OF + timedelta(hours=1), instant(), instant()]
            )
            event.expires = chooser.choice([None] * 4 + [AS_OF, AS_OF + timedelta(hours=1)])
            event.gpc = chooser.random() < 0.1
            event.basis = chooser.choice([*[None, "consent"] * 4, *SPELLINGS])
            event.jurisdiction = chooser.choice([None, None, None, *EVERYWHERE])
            if chooser.random() < 0.15:
                event.tcf_purposes = frozenset(chooser.sample(range(1, 11), chooser.randint(0, 10)))
                event.tcf = tcf_string(event.tcf_purposes)
                if chooser.random() < 0.2:
                    event.tcf_purposes = frozenset()
                    event.tcf = chooser.choice(["x", event.tcf[:20], "B" + event.tcf[1:], "~~~"])
        elif kind == "request":
            event.status = chooser.choice(["objection"] * 3 + [*EFFECTS])
        else:
            event.status = chooser.choice([*REPORTS, "open", "send", "send"])
            event.account, event.email = None, event.email or addresses[0]
        if event.account or event.email:
            history.events.append(event)
            for purpose in PURPOSES if kind == "consent" and chooser.random() < 0.1 else ():
                twin = replace(event, key=f"{event.key}.{purpose[0]}", purpose=purpose)
                history.events.append(twin)
    if chooser.random() < 0.1:
        for place in range(chooser.randint(2, 6)):
            what = chooser.choice(["soft_bounce"] * 6 + ["delivered"])
            event = Event("report", f"{number:06}.s{place}", what, instant())
            event.email = addresses[0]
            history.events.append(event)
    if chooser.random() < 0.1:
        for place in range(chooser.randint(2, 6)):
            what = chooser.choice(["complaint", "unsubscribe", "remembered", "confirmed"])
            event = Event("report", f"{number:06}.t{place}", what, instant())
            event.email = addresses[0]
            if what == "confirmed":
                event.kind, event.purpose, event.channel = "consent", "marketing", "email"
            if what == "remembered":
                event.at += timedelta(hours=chooser.choice([0, 6]))
            history.events.append(event)
    return history


# The oracle


def mentions(history, person, event, takes):
    """Whether an event speaks of a person; what takes away speaks of all who hold the address."""
    if takes and history.holds(person, event.email):
        return True
    if event.account:
        return any(account.key == event.account for account in person.accounts)
    return event.email is not None and history.owner(event.email) is person


def jurisdictions(person, event):
    """The places whose rules apply to what somebody grants."""
    found = {NAMES.get(event.jurisdiction.lower(), "unknown")} if event.jurisdiction else set()
    for account in person.accounts:
        if account.country:
            country = account.country.lower()
            with_region = NAMES.get(f"{country}-{(account.region or '').lower()}")
            found.add(with_region or NAMES.get(country, "unknown"))
    return found or {"unknown"}


def worth(person, event):
    """(status, end) of a grant under the rules: pending where they do not accept it."""
    places = [RULES[name] for name in jurisdictions(person, event)]
    basis = BASES.get(event.basis.lower() if event.basis else None, "legitimate_interest")
    born = max((a.born for a in person.accounts if a.born), default=None)
    if born:
        oldest = max(int(place["age_of_consent"]) for place in places)
        if event.at.date() < date(born.year + oldest, born.month, born.day):
            return "pending", None
    days = []
    if basis == "consent":
        wanted = {place["double_opt_in"] for place in places}
        if event.status == "granted" and "always" in wanted:
            return "pending", None
        if event.status == "granted" and "address_only" in wanted and not event.account:
            return "pending", None
        days = [place["consent_days"] for place in places]
    elif basis == "existing_customer":
        days = [place["existing_customer_days"] for place in places]
        if event.purpose != "marketing" or "0" in days:
            return "pending", None
    elif any(place["regime"] == "opt_in" for place in places):
        return "pending", None
    ends = [event.at + timedelta(int(number)) for number in days if number]
    return event.status, min([*ends, *([event.expires] if event.expires else [])], default=None)


@dataclass(frozen=True)
class Said:
    """What one event says of one person, a purpose and e-mail."""

    at: datetime
    known: datetime
    status: str
    evidence: str
    end: datetime | None = None
    email: str | None = None


def denied_by_signals(person, event):
    """The purposes that Global Privacy Control or a TCF string deny."""
    places = [RULES[name] for name in jurisdictions(person, event)]
    denied = set()
    if event.gpc:
        denied.add("third_party_data")
        if any("personalization" in place["gpc_denies"] for place in places):
            denied.add("personalization")
    if event.tcf is not None and any(place["tcf_binds"] == "true" for place in places):
        denied |= {"third_party_data"} if not {3, 4} <= event.tcf_purposes else set()
        denied |= {"personalization"} if not {5, 6} <= event.tcf_purposes else set()
    return denied


def said(history, person, purpose):
    """Everything that speaks of a person, a purpose and e-mail."""
    found = []
    for event in history.events:
        recorded = event.recorded or event.at
        if event.kind == "consent":
            evidence = f"consent_events:{event.key}"
            at_once = min(recorded, AS_OF)
            takes = event.status in TAKING
            reaches = E_MAIL + ALL + (UNKNOWN if takes else ())
            if (
                event.purpose == purpose
                and event.channel in reaches
                and mentions(history, person, event, takes)
            ):
                if takes:
                    found.append(Said(event.at, at_once, event.status, evidence, None, event.email))
                elif recorded <= AS_OF:
                    status, end = (
                        worth(person, event) if event.status in GIVING else ("pending", None)
                    )
                    found.append(Said(event.at, recorded, status, evidence, end, event.email))
            signalled = purpose in denied_by_signals(person, event)
            if signalled and mentions(history, person, event, True):
                found.append(Said(event.at, at_once, "denied", evidence, None, event.email))
        if event.kind == "request" and mentions(history, person, event, True):
            evidence = f"privacy_requests:{event.key}"
            found += [
                Said(event.at, event.at, effect, evidence, None, event.email)
                for of, effect in EFFECTS[event.status]
                if of == purpose
            ]
    if purpose == "marketing":
        found += reports(history, person)
    return found


def reports(history, person):
    """The reports about addresses of a person that forbid mail."""
    found = []
    for event in history.events:
        if event.kind == "report" and event.status in REPORTS:
            bounced = event.status == "hard_bounce"
            if person.email == event.email if bounced else history.holds(person, event.email):
                found.append(suppression(event.at, f"email_events:{event.key}", event.email))
        remembered = event.status == "remembered" and event.at <= AS_OF
        if remembered and history.holds(person, event.email):
            found.append(suppression(event.at, f"email_events:{event.key}", event.email))
    if person.email:
        bounces = 0
        mail = [e for e in history.events if e.kind == "report" and e.email == person.email]
        for event in sorted(mail, key=lambda e: (e.at, e.status != "soft_bounce", e.key)):
            bounces = bounces + 1 if event.status == "soft_bounce" else bounces
            if event.status == "soft_bounce" and bounces == SOFT_BOUNCES:
                found.append(suppression(event.at, f"email_events:{event.key}", event.email))
            bounces = 0 if event.status in ARRIVED else bounces
        local, domain = person.email.split("@")
        if local in ROLES:
            evidence = f"personalize_role_addresses:{local}"
            found.append(suppression(BEGINNING, evidence, person.email))
        elif domain in DISPOSABLE:
            evidence = f"personalize_disposable_domains:{domain}"
            found.append(suppression(BEGINNING, evidence, person.email))
    return found


def suppression(at, evidence, email):
    return Said(at, at, "suppressed", evidence, None, email)


def stands(block, confirmed):
    """Whether a restriction, suppression or objection is still there after the confirmations."""
    if block.status == "restricted":
        return True
    return not any(
        one.at > block.at and (block.status == "objected" or one.email in (None, block.email))
        for one in confirmed
    )


def answer(everything, true_on, known_on):
    """(status, evidence) for what was true on a date as known on another; None without evidence."""
    seen = [one for one in everything if one.known <= known_on and one.at <= true_on]
    confirmed = [one for one in seen if one.status == "confirmed"]
    blocks = [
        one
        for one in seen
        if one.status in ("restricted", "suppressed", "objected") and stands(one, confirmed)
    ]
    decisive = [one for one in seen if one.status != "pending"]
    chosen = blocks or decisive or seen
    if not chosen:
        return None
    latest = [one for one in chosen if one.at == max(each.at for each in chosen)]
    strongest = min(latest, key=lambda one: (STRENGTH.index(one.status), one.evidence))
    if strongest.status in GIVING:
        over = [one for one in latest if one.end and one.end <= true_on]
        if over:
            first = min(over, key=lambda one: (one.end, STRENGTH.index(one.status), one.evidence))
            return "expired", first.evidence
    return strongest.status, strongest.evidence


def is_restricted(history, person):
    return any(
        event.kind == "request"
        and event.status == "restriction"
        and mentions(history, person, event, True)
        for event in history.events
    )


def is_suppressed(history, person):
    """Whether a report about an address of the person stands today."""
    everything = said(history, person, "marketing")
    confirmed = [one for one in everything if one.status == "confirmed"]
    return any(one.status == "suppressed" and stands(one, confirmed) for one in everything)


def is_allowed(history, person, purpose):
    """Whether there is a live permission today."""
    status = answer(said(history, person, purpose), AS_OF, AS_OF)
    free = not is_restricted(history, person)
    return free and status is not None and status[0] in GIVING


def reader(history, email):
    """Who is written to at an address: who owns it, else the first, of those who may be."""
    willing = [
        person
        for person in history.people
        if email is not None
        and person.email == email
        and is_allowed(history, person, "marketing")
        and not is_suppressed(history, person)
    ]
    return min(
        willing,
        key=lambda person: (history.owner(email) is not person, person.profile),
        default=None,
    )


def may(history, person):
    """{what: whether} it may be done with a person today."""
    found = {purpose: is_allowed(history, person, purpose) for purpose in PURPOSES}
    found["is_suppressed"] = is_suppressed(history, person)
    found["is_restricted"] = is_restricted(history, person)
    willing = found["marketing"] and not found["is_suppressed"] and person.email is not None
    found["is_shared_mailbox"] = willing and reader(history, person.email) is not person
    found["sends_7d"] = sum(
        event.status == "send" and event.email == person.email and AS_OF - event.at < WEEK
        for event in history.events
    )
    return found
