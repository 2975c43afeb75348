"""Everything the warehouse holds about one person, as one JSON file (GDPR article 15)."""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
from common import TARGET, Refusal, counted, identifier, say, shown

# The columns by which a row names a person, and the kind of identifier they hold.
NAMED_BY = {
    "profile_id": "profile",
    "other_profile_id": "profile",
    "previous_profile_id": "profile",
    "external_id": "external",
    "user_id": "external",
    "subscriberkey": "external",
    "email": "email",
    "account": "account",
    "anonymous_id": "anonymous",
    "order_id": "order",
}


def main(arguments: list[str] | None = None) -> int:
    """Writes the file; a person who is not known ends it with one sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--person", required=True, help="profile_id, e-mail or system|id")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    try:
        with duckdb.connect(str(options.db), read_only=True) as connection:
            profile, held = everything(connection, options.person)
    except Refusal as refusal:
        print(f"personalize: {refusal}", file=sys.stderr)
        return 2
    out = options.out or TARGET / f"access-{profile}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.touch(mode=0o600)
    out.write_text(
        json.dumps({"profile_id": profile, "held": held}, ensure_ascii=False, indent=1, default=str)
        + "\n",
        encoding="utf-8",
    )
    rows = sum(len(found) for found in held.values())
    say(f"{counted(rows, 'row')} of {counted(len(held), 'relation')} in {shown(out)}")
    return 0


def everything(
    connection: duckdb.DuckDBPyConnection, person: str
) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """The profile that a person is, and {relation: the rows that are about it}."""
    relations = relations_of(connection)
    profile = profile_of(connection, relations, person)
    known = identifiers_of(connection, relations, profile)
    held = {}
    for name, (relation, columns) in sorted(relations.items()):
        conditions, values = condition(columns, known)
        if conditions:
            cursor = connection.execute(
                f"select * from {relation} where {' or '.join(conditions)}", values
            )
            names = [column[0] for column in cursor.description]
            found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            if found:
                held[name] = found
    return profile, held


def relations_of(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, list[str]]]:
    """{name: (how it is written in SQL, its columns)} of the package's relations and its inputs."""
    found: dict[str, tuple[str, list[str]]] = {}
    for schema, name, columns in connection.execute(
        "select schema_name, table_name, list(lower(column_name)) from duckdb_columns() "
        "where not internal group by schema_name, table_name"
    ).fetchall():
        found[name] = (f"{identifier(schema)}.{identifier(name)}", columns)
    if "int_personalize__identity_map" not in found:
        raise Refusal("There is nothing built in this database.")
    return found


def profile_of(
    connection: duckdb.DuckDBPyConnection, relations: dict[str, tuple[str, list[str]]], person: str
) -> str:
    """The profile somebody names by its id, an address, an account or a cookie."""
    identity_map = relations["int_personalize__identity_map"][0]
    found = connection.execute(
        f"select distinct profile_id from {identity_map} where profile_id = $1 or identifier = $1 "
        "or (identifier_type = 'email' and identifier = lower(trim($1)))",
        [person],
    ).fetchall()
    if len(found) != 1:
        how_many = "nobody is" if not found else "several people are"
        raise Refusal(f"PERSON names no single person: {how_many} known by it.")
    profile: str = found[0][0]
    return profile


def identifiers_of(
    connection: duckdb.DuckDBPyConnection, relations: dict[str, tuple[str, list[str]]], profile: str
) -> dict[str, list[str]]:
    """{kind: what the person is known by}."""
    known = defaultdict(list, {"profile": [profile]})
    for kind, value in connection.execute(
        "select identifier_type, identifier from "
        + relations["int_personalize__identity_map"][0]
        + " where profile_id = ?",
        [profile],
    ).fetchall():
        known[kind].append(value)
    for kind, table, column in (
        ("external", "int_personalize__audience_state", "external_id"),
        ("order", "int_personalize__resolved_orders", "order_id"),
    ):
        rows = connection.execute(
            f"select {column} from {relations[table][0]} where profile_id = ?", [profile]
        ).fetchall()
        known[kind] += [value for (value,) in rows]
    return dict(known)


def condition(columns: list[str], known: dict[str, list[str]]) -> tuple[list[str], list[Any]]:
    """Which rows of a relation are about the person: SQL conditions and their values."""
    conditions, values = [], []
    for column, kind in NAMED_BY.items():
        if column in columns and known.get(kind):
            # An address may be held by others too: where a row names its profile, that decides.
            if column != "profile_id" and "profile_id" in columns and kind != "profile":
                continue
            conditions.append(f"list_contains(?, lower(trim(cast({column} as varchar))))")
            values.append([value.lower() for value in known[kind]])
    if "source_customer_id" in columns and "profile_id" not in columns and known.get("account"):
        conditions.append(
            "list_contains(?, lower(replace(replace(coalesce(trim(cast(source_system as varchar)),"
            " ''), '%', '%25'), '|', '%7C') || '|' || trim(cast(source_customer_id as varchar))))"
        )
        values.append([value.lower() for value in known["account"]])
    if "identifier" in columns and "profile_id" not in columns:
        every = [
            value for kind in ("account", "email", "anonymous") for value in known.get(kind, [])
        ]
        conditions.append("list_contains(?, lower(cast(identifier as varchar)))")
        values.append([value.lower() for value in every])
    if "row_json" in columns:
        for value in known.get("email", []):
            conditions.append("contains(lower(row_json), ?)")
            values.append(f'"{value}"')
        for account in known.get("account", []):
            conditions.append("contains(row_json, ?)")
            values.append(f'"source_customer_id":"{account.partition("|")[2]}"')
    return conditions, values


if __name__ == "__main__":
    sys.exit(main())
