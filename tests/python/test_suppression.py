"""A suppressed address stays suppressed, whatever happens to the rows that say so."""

import pytest
from compiled import Warehouse
from load_raw import input_contract

COLUMNS = {
    table: dict.fromkeys(contract["columns"], "varchar")
    for table, contract in input_contract().items()
}
ADDRESS = "vera@mail.example"


def build(warehouse, **rows):
    """Lands rows of inputs and builds; gives {account or address: is_suppressed}."""
    for table, columns in COLUMNS.items():
        warehouse.give(f"demo_{table}", columns, rows.get(table, []))
    warehouse.build()
    return dict(
        warehouse.rows(
            "select identifier, is_suppressed from int_personalize__identity_map"
            " inner join int_personalize__permissions using (profile_id)"
        )
    )


def customer(number, email=ADDRESS, month=1, **more):
    return {
        "source_system": "shop",
        "source_customer_id": str(number),
        "email": email,
        "country": "DE",
        "updated_at": f"2026-0{month}-01 10:00:00",
        **more,
    }


def report(kind, day=1, email=ADDRESS):
    return {
        "event_id": f"{kind}-{day}",
        "occurred_at": f"2026-02-{day:02} 10:00:00",
        "event_type": kind,
        "email": email,
    }


def consent(status, month=3, **more):
    return {
        "event_id": f"{status}-{month}",
        "occurred_at": f"2026-0{month}-01 10:00:00",
        "email": ADDRESS,
        "channel": "email",
        "purpose": "marketing",
        "status": status,
        **more,
    }


BOUNCES = [report("soft_bounce", day) for day in (1, 2, 3)]
REPORTS = {
    "hard bounce": [report("hard_bounce")],
    "complaint": [report("complaint")],
    "unsubscribe": [report("unsubscribe")],
    "three soft bounces": BOUNCES,
}


@pytest.mark.parametrize("reports", REPORTS.values(), ids=REPORTS)
def test_it_outlives_its_row_merges_imports_and_sign_ups(reports):
    warehouse = Warehouse()
    assert build(warehouse, customers=[customer(1)], email_events=reports)["shop|1"]
    # The log is cut, the account is imported anew under another id, and signs up once more.
    again = [customer(2, month=3)]
    sign_up = [consent("granted")]
    assert build(warehouse, customers=again, consent_events=sign_up)["shop|2"]
    # Two accounts turn out to be one person's.
    merged = [customer(2), customer(3, first_name="Vera"), customer(2, month=3, first_name="Vera")]
    found = build(warehouse, customers=merged, consent_events=sign_up)
    assert found["shop|2"] and found["shop|3"]
    # Only a later double opt-in says otherwise.
    confirmed = [*sign_up, consent("confirmed", 4)]
    found = build(warehouse, customers=merged, consent_events=confirmed)
    assert not any(found[account] for account in (ADDRESS,))


def test_what_arrives_starts_the_count_of_soft_bounces_anew():
    opened = [*BOUNCES[:2], report("open", 2), BOUNCES[2]]
    found = build(Warehouse(), customers=[customer(1)], email_events=opened)
    assert not found["shop|1"]


@pytest.mark.parametrize("email", ["info@firm.example", "vera@yopmail.com"])
def test_nobody_is_written_to_at_a_role_or_disposable_address(email):
    found = build(Warehouse(), customers=[customer(1, email), customer(2, ADDRESS)])
    assert found["shop|1"]
    assert not found["shop|2"]


def test_an_erasure_takes_the_suppression_along():
    warehouse = Warehouse()
    build(warehouse, customers=[customer(1)], email_events=[report("complaint")])
    assert warehouse.rows("select 1 from int_personalize__suppressed_addresses")
    request = {
        "request_id": "r",
        "requested_at": "2026-03-01 10:00:00",
        "request_type": "erasure",
        "email": ADDRESS,
    }
    build(warehouse, customers=[customer(1)], privacy_requests=[request])
    assert not warehouse.rows("select 1 from int_personalize__suppressed_addresses")
