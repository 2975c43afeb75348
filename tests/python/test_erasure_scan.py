"""After an erasure no relation of the database holds the person, save the inputs themselves.

People of the demo shop who were already exported are erased on the next day. Then every column of
every relation is searched for every identifier they had: state, snapshots, the change feed, and
rejected rows as JSON.
"""

import json
import shutil
import subprocess
import sys

import duckdb
import pytest
from common import ROOT
from test_robustness import DAY_LATER, Run

INPUTS = "demo_"
# Platforms that know a person by the address alone have to be told it, to delete it.
DELETED_BY_ADDRESS = [
    f"export_personalize__{name}"
    for name in ("hubspot_contacts", "sendgrid_contacts", "listmonk_subscribers")
]
ERASED = 4


def identifiers(connection, profile):
    """Accounts, addresses, cookies and phone numbers of a person, as the inputs spell them."""
    found = {
        value
        for (value,) in connection.execute(
            "select case when identifier_type = 'account' then split_part(identifier, '|', 2)"
            " else identifier end from int_personalize__identity_map where profile_id = ?",
            [profile],
        ).fetchall()
    }
    found |= {
        value
        for row in connection.execute(
            "select email, phone, address, first_name || ' ' || last_name"
            " from int_personalize__resolved_customers where profile_id = ?",
            [profile],
        ).fetchall()
        for value in row
        if value
    }
    return {value.lower() for value in found}


def holders(connection, wanted, but=()):
    """{relation: the identifiers it holds} over every column of every relation but the inputs."""
    found = {}
    relations = [
        (schema, name)
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        if not name.startswith(INPUTS) and name not in but
    ]
    assert len(relations) > 150
    for schema, name in relations:
        held = connection.execute(
            f'select distinct word from "{schema}"."{name}" as rows, unnest(?) as words (word)'
            " where contains(lower(cast(rows as varchar)), word)",
            [sorted(wanted)],
        ).fetchall()
        if held:
            found[name] = sorted(word for (word,) in held)
    return found, len(relations)


@pytest.fixture(scope="module")
def erased(demo, tmp_path_factory):
    """The demo shop a day later, with some who were exported erased: (run, their identifiers)."""
    run = Run(tmp_path_factory.mktemp("erasure"))
    shutil.copy(demo.database, run.database)
    shutil.copy(demo.folder / "partial_parse.msgpack", run.folder)
    with duckdb.connect(str(run.database)) as connection:
        chosen = connection.execute(
            "select profile_id, email from personalize__audience"
            " inner join personalize__profiles using (profile_id, email)"
            " where email like '%@%' order by md5(profile_id) limit ?",
            [ERASED],
        ).fetchall()
        wanted = {}
        for number, (profile, email) in enumerate(chosen):
            wanted[profile] = identifiers(connection, profile)
            account = connection.execute(
                "select source_system, source_customer_id from int_personalize__resolved_customers"
                " where profile_id = ? order by updated_at desc limit 1",
                [profile],
            ).fetchone()
            by_email = number % 2
            connection.execute(
                "insert into demo_privacy_requests by name select ? as request_id,"
                " '2026-05-01 20:00:00' as requested_at, 'erasure' as request_type, ? as email,"
                " ? as source_system, ? as source_customer_id",
                [f"scan-{number}", email if by_email else None]
                + ([None, None] if by_email else list(account)),
            )
            # A row that cannot be used keeps what it came as.
            connection.execute(
                "insert into demo_web_events by name select ? as event_id, 'once' as occurred_at,"
                " 'oops' as event_type, ? as email, 'scan-cookie' as user_agent",
                [f"scan-{number}", email.upper()],
            )
    before = run.rows("select count(*) from int_personalize__identity_map")
    assert before
    run.dbt("build", "--resource-types", "model", "snapshot", as_of=DAY_LATER)
    return run, wanted


def test_nothing_holds_who_was_erased(demo, erased, capsys):
    run, wanted = erased
    words = set().union(*wanted.values())
    assert len(words) > 3 * ERASED
    with duckdb.connect(str(demo.database), read_only=True) as connection:
        before, _ = holders(connection, words)
    assert len(before) > 30 and {"personalize__audience", "personalize__profiles"} <= set(before)
    with duckdb.connect(str(run.database), read_only=True) as connection:
        after, relations = holders(connection, words, but=DELETED_BY_ADDRESS)
        for feed in DELETED_BY_ADDRESS:
            ((deletes, others),) = connection.execute(
                "select count(distinct word) filter (operation = 'delete'),"
                " count(*) filter (operation <> 'delete')"
                f" from {feed} as rows, unnest(?) as words (word)"
                " where contains(lower(cast(rows as varchar)), word)",
                [sorted(words)],
            ).fetchall()
            assert deletes >= len(wanted) and not others
    with capsys.disabled():
        print(
            f"\n{len(wanted)} people erased, {len(words)} identifiers searched for:"
            f" {len(before)} relations held one before, {len(after)} of {relations} after",
            *(f"  {name}: {found}" for name, found in after.items()),
            sep="\n",
        )
    assert not after


def test_every_erasure_has_its_receipt(erased):
    run, wanted = erased
    receipts = {
        profile: outcome
        for profile, outcome in run.rows(
            "select profile_id, outcome from personalize__erasure_receipts where system = 'braze'"
        )
    }
    assert {receipts.get(profile) for profile in wanted} == {"told"}


def test_the_snapshot_keeps_what_was_exported_and_forgets_the_erased(erased):
    run, wanted = erased
    history = run.rows(
        "select profile_id, dbt_valid_from, dbt_valid_to, blocks, consent_evidence_event_id"
        " from personalize__exported_letters_history"
    )
    assert not {row[0] for row in history} & set(wanted)
    changed = [row for row in history if row[2] is not None]
    assert changed
    assert {str(row[2]) for row in changed} == {DAY_LATER}
    assert all(json.loads(row[3]) and row[4] for row in changed)


def test_one_command_gives_everything_held_about_one_person(demo, tmp_path):
    (profile, email), *_ = demo.rows(
        "select profile_id, email from personalize__audience order by profile_id limit 1"
    )
    written = {}
    for name, person in {"id": profile, "email": f" {email.upper()}"}.items():
        out = tmp_path / f"{name}.json"
        command = [sys.executable, str(ROOT / "tools" / "access.py"), "--db", str(demo.database)]
        command += ["--person", person, "--out", str(out)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert email not in told
        assert out.stat().st_mode & 0o077 == 0
        written[name] = json.loads(out.read_text(encoding="utf-8"))
    assert written["id"] == written["email"]
    held = written["id"]["held"]
    with duckdb.connect(str(demo.database), read_only=True) as connection:
        words = {email.lower(), profile}
        expected, _ = holders(connection, words)
    missing = set(expected) - set(held)
    assert not missing
    others = {
        row["profile_id"]
        for name, rows in held.items()
        for row in rows
        if row.get("profile_id") and not name.startswith("int_personalize__held")
    }
    assert others == {profile}


def test_nobody_is_told_apart_from_somebody(demo, tmp_path):
    command = [sys.executable, str(ROOT / "tools" / "access.py"), "--db", str(demo.database)]
    told = subprocess.run(
        [*command, "--person", "nobody@nowhere.example"], capture_output=True, text=True
    )
    assert told.returncode == 2
    assert told.stderr == "personalize: PERSON names no single person: nobody is known by it.\n"
