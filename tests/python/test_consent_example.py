"""The worked example of docs/consent.md, built."""

import re

from common import ROOT
from compiled import Warehouse
from test_consent_properties import MODELS, TABLES

AT = re.compile(r"\d{4}-\d{2}-\d{2}")


def tables():
    """The first two tables of the section, as rows of cells."""
    section = (ROOT / "docs" / "consent.md").read_text(encoding="utf-8")
    section = section.split("## Six events", 1)[1].split("\n## ", 1)[0]
    found, rows = [], []
    for line in [*section.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
        elif rows:
            found.append(rows[2:])
            rows = []
    return found


def test_the_example_is_what_the_models_make_of_it():
    events, expected = tables()
    assert (len(events), len(expected)) == (6, 12)
    person = {"source_system": "shop", "source_customer_id": "ada", "email": "ada@mail.example"}
    rows = {name: [] for name in TABLES}
    rows["stg_personalize__customers"] = [
        person | {"country": "DE", "updated_at": "2026-01-01", "is_current": "true"}
    ]
    rows["int_personalize__identity_map"] = [
        {"identifier_type": "account", "identifier": "shop|ada", "profile_id": "ada"},
        {"identifier_type": "email", "identifier": "ada@mail.example", "profile_id": "ada"},
    ]
    for key, what, occurred, recorded in events:
        table, event_id = key.split(":")
        status = re.match(r"\w+", what)[0]
        until = AT.search(what)
        row = person | {"event_id": event_id, "occurred_at": occurred}
        if table == "consent_events":
            row |= {"recorded_at": recorded, "channel": "email", "purpose": "marketing"}
            row |= {"status": status, "expires_at": until and until[0]}
        elif table == "email_events":
            row = {**row, "event_type": status}
        else:
            row = person | {"request_id": event_id, "requested_at": occurred}
            row |= {"request_type": status}
        rows[f"stg_personalize__{table}"].append(row)
    warehouse = Warehouse()
    for name, columns in TABLES.items():
        warehouse.give(name, columns, rows[name])
    warehouse.build(*MODELS)
    found = warehouse.rows(
        "select status, evidence_event_id, "
        + ", ".join(
            f"coalesce(strftime({column}, '%Y-%m-%d'), '')"
            for column in ("valid_from", "valid_to", "known_from", "known_to")
        )
        + " from personalize__consent where channel = 'email' and purpose = 'marketing'"
    )
    assert sorted(found) == sorted(tuple(row) for row in expected)
