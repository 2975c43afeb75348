"""Malformed input: nothing breaks, no row is lost, an unreadable opt-out frees nobody."""

import random

from compiled import Warehouse
from load_raw import input_contract

CONTRACT = input_contract()
COLUMNS = {table: dict.fromkeys(one["columns"], "varchar") for table, one in CONTRACT.items()}
MALFORMED = 240
GARBAGE = [
    "",
    " ",
    "\t\n",
    "null",
    "NULL",
    "None",
    "NaN",
    "Infinity",
    "-1",
    "0",
    "1e309",
    "0x1F",
    "1_000",
    "99999999999999999999",
    "true",
    "'; drop table customers; --",
    '" or 1=1 --',
    "{{ 7 * 7 }}",
    "{% raw %}",
    "${jndi:ldap://x}",
    "%s%n%x",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    '{"a": [1, {"b": null}]}',
    "[1, 2",
    "a|b|c",
    "a%7Cb",
    "\u0000".replace("\u0000", "\ufffd"),
    "\u202eabc",
    "\u200b",
    "\ufeff",
    "👩‍👩‍👧",
    "Ω≈ç√∫",
    "İ",
    "ß" * 300,
    "x" * 10_000,
    "2026-02-30",
    "2026-13-01 00:00:00",
    "01.03.2026",
    "1772366400",
    "0000-00-00",
    "2026-03-01T25:61:61Z",
    "tomorrow",
    "@",
    "a@",
    "@b.example",
    "a@@b.example",
    "a b@c.example",
    "a@b.example,c@d.example",
    "mailto:a@b.example",
    "a@localhost",
    ".a@b.example",
    "granted ",
    "GRANTED",
    "withdrawn;granted",
    "grànted",
]
OPT_OUTS = {
    "consent_events": {
        "event_id": "{}-out",
        "occurred_at": "2026-03-01 10:00:00",
        "recorded_at": "2026-03-01 11:00:00",
        "channel": "email",
        "purpose": "marketing",
        "status": "withdrawn",
        "expires_at": "2027-03-01 10:00:00",
        "gpc": "false",
    },
    "email_events": {
        "event_id": "{}-out",
        "occurred_at": "2026-03-01 10:00:00",
        "event_type": "unsubscribe",
    },
    "privacy_requests": {
        "request_id": "{}-out",
        "requested_at": "2026-03-01 10:00:00",
        "request_type": "objection",
    },
}
NAMES_SOMEBODY = {"email", "source_system", "source_customer_id"}


def person(number):
    """An account in Germany that agreed to marketing: (rows of customers, of consent_events)."""
    account = {
        "source_system": "shop",
        "source_customer_id": f"c{number}",
        "email": f"c{number}@mail.example",
    }
    customer = account | {"country": "DE", "updated_at": "2026-01-01 10:00:00"}
    grant = account | {
        "event_id": f"{number}-in",
        "occurred_at": "2026-01-01 10:00:00",
        "channel": "email",
        "purpose": "marketing",
        "status": "granted",
    }
    return customer, grant


def malformed(number, chooser):
    """(input, row, column): an opt-out of a person with one column that says something else."""
    table = list(OPT_OUTS)[number % len(OPT_OUTS)]
    row = {key: value.format(number) for key, value in OPT_OUTS[table].items()}
    row |= {"email": f"c{number}@mail.example"}
    if table != "email_events":
        row |= {"source_system": "shop", "source_customer_id": f"c{number}"}
    column = chooser.choice(sorted(COLUMNS[table]))
    return table, row | {column: GARBAGE[number % len(GARBAGE)]}, column


def test_malformed_rows_break_nothing_and_free_nobody():
    chooser = random.Random(240)
    rows = {table: [] for table in COLUMNS}
    rows["products"] = [{"product_id": "tea", "title": "Tea", "price": "4.00"}]
    still_named = {}
    for number in range(2 * MALFORMED):
        customer, grant = person(number)
        rows["customers"].append(customer)
        rows["consent_events"].append(grant)
        if number < MALFORMED:
            table, row, column = malformed(number, chooser)
            rows[table].append(row)
            if column not in NAMES_SOMEBODY:
                still_named[f"c{number}@mail.example"] = (table, column, row[column])
    # The other inputs hold nothing but nonsense.
    for table in ("orders", "order_lines", "web_events", "audience_segments", "customers"):
        rows[table] += [
            {column: chooser.choice(GARBAGE) for column in COLUMNS[table]} for _ in range(60)
        ]
    warehouse = Warehouse()
    for table, columns in COLUMNS.items():
        warehouse.give(f"demo_{table}", columns, rows[table])
    warehouse.build()

    for table in COLUMNS:
        found = dict(
            warehouse.rows(
                f"select row_status, count(*) from int_personalize__checked_{table} group by 1"
            )
        )
        assert sum(found.values()) == len(rows[table]), table
        assert set(found) <= {"kept", "rejected", "later"}
    mailable = {
        email
        for (email,) in warehouse.rows(
            "select email from int_personalize__permissions where can_market and not is_suppressed"
        )
    }
    freed = {email: how for email, how in still_named.items() if email in mailable}
    assert len(still_named) > 150
    assert not freed
    # Whose rows are well formed is written to.
    assert {f"c{number}@mail.example" for number in range(MALFORMED, 2 * MALFORMED)} <= mailable
