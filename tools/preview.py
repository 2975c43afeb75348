"""Writes one self-contained HTML page: what real people of a built database would receive, and why.

python tools/preview.py --db target/personalize.duckdb --out target/preview.html [--pii]
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import mail
import warehouse
from common import Refusal, identifier, say, shown
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from warehouse import Row, explained, rows, spoken

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "preview"
EXPORT = "export_personalize__"
CLIPPED_AT = 102 * 1024  # Gmail cuts a longer message off.
ADDRESS = re.compile(r"([^\s@<>\"']+)@([^\s@<>\"']+)\.([^\s@.<>\"']+)")


def masked_name(name: str | None) -> str:
    """Ada as A•••: the first letter, and nothing that tells the length."""
    return f"{name[0]}•••" if name else ""


def masked_address(address: str | None) -> str:
    """ada@example.org as a•••@e•••.org, wherever it stands in a text."""
    return ADDRESS.sub(lambda m: f"{m[1][0]}•••@{m[2][0]}•••.{m[3]}", address) if address else ""


def page(connection: duckdb.DuckDBPyConnection, pii: bool = False) -> str:
    """The whole page."""
    as_of = datetime.fromisoformat(warehouse.setting(connection, "as_of"))
    chosen = warehouse.choose(connection)
    details = read_details(connection, [profile_id for _, profile_id in chosen])
    sent = payloads(
        connection, [row["external_id"] for facts in details.values() for row in facts["audience"]]
    )
    shop = {key: warehouse.setting(connection, f"shop_{key}") for key in ("name", "url")}
    people = [person(kind, details[profile_id], sent, shop, pii) for kind, profile_id in chosen]
    for one, other in pairwise(people):
        one["after"], other["before"] = other["anchor"], one["anchor"]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        spoken=spoken,
        held_back=held_back,
        day=day,
        moment=moment,
        share=share,
        number=number,
        decimal=decimal,
    )
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        shop=shop,
        as_of=as_of,
        pii=pii,
        people=people,
        run=run_numbers(connection, as_of),
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        # The browser itself refuses whatever would leave this page, and every script but ours.
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


# What is read about the people who are shown.
DETAILS = {
    "profiles": "select * from profiles where profile_id = any($1)",
    "audience": "select * from audience where profile_id = any($1)",
    "exclusions": "select * from exclusions where profile_id = any($1)",
    "triggers": """
        select triggers.*, products.title
        from triggers
        left join products using (product_id)
        where profile_id = any($1)
        order by outcome = 'won' desc, priority, rule_id
    """,
    "blocks": """
        select blocks.*, products.category
        from blocks
        left join products using (product_id)
        where profile_id = any($1)
        order by slot, position
    """,
    "recommendations": """
        select recommendations.*, products.title, evidence.title as evidence_title
        from recommendations
        left join products using (product_id)
        left join products as evidence
            on recommendations.evidence_product_id = evidence.product_id
        where profile_id = any($1)
        order by rank
    """,
    "predictions": "select * from predictions where profile_id = any($1) order by prediction",
    "segments": "select * from segments where profile_id = any($1) order by segment_id",
    "consent": "select * from current_consent where profile_id = any($1) order by channel, purpose",
    "experiments": "select * from experiments where profile_id = any($1) order by experiment_id",
}


def read_details(
    connection: duckdb.DuckDBPyConnection,
    profile_ids: list[str],
    relations: Iterable[str] = tuple(DETAILS),
) -> dict[str, dict[str, list[Row]]]:
    """By profile, then by relation, all rows about the people who are shown."""
    details: dict[str, dict[str, list[Row]]] = {
        profile_id: {name: [] for name in relations} for profile_id in profile_ids
    }
    for name in relations:
        for row in rows(connection, DETAILS[name], [profile_ids]):
            details[row["profile_id"]][name].append(row)
    return details


def person(
    kind: warehouse.Kind,
    facts: dict[str, list[Row]],
    sent: dict[str, dict[str, list[Row]]],
    shop: dict[str, str],
    pii: bool,
) -> dict[str, Any]:
    """Everything the page shows of one person."""
    profile = facts["profiles"][0]
    audience = facts["audience"][0] if facts["audience"] else None
    reason = facts["exclusions"][0]["reason"] if facts["exclusions"] else None
    names = [profile["first_name"], profile["last_name"]]
    if audience:
        names.append(json.loads(audience["payload"]).get("first_name"))
    address = (audience or profile)["email"]
    external_id = audience["external_id"] if audience else ""
    records = {name: as_json(found) for name, found in sent.get(external_id, {}).items()}
    sizes = {
        name: len(as_json(found, None).encode())
        for name, found in sent.get(external_id, {}).items()
    }
    blocks, consent = facts["blocks"], facts["consent"]
    if not pii:
        records = {name: masked_record(record, names) for name, record in records.items()}
        blocks = [masked_block(block, names) for block in blocks]
        names = [masked_name(name) for name in names]
        address, external_id = masked_address(address), masked_address(external_id)
        evidence = [masked_address(row["evidence_event_id"]) for row in consent]
        consent = [{**c, "evidence_event_id": e} for c, e in zip(consent, evidence, strict=True)]
    in_mail = {block["product_id"] for block in blocks}
    won = [trigger for trigger in facts["triggers"] if trigger["outcome"] == "won"]
    return {
        **facts,
        "anchor": "who-" + hashlib.sha256(profile["profile_id"].encode()).hexdigest()[:8],
        "before": None,
        "after": None,
        "kind": kind.label,
        "why": kind.why,
        "name": " ".join(name for name in names[:2] if name),
        "address": address,
        "profile": profile,
        "consent": consent,
        "excluded": explained(reason)[0] if reason else "",
        "mail": the_mail(blocks, external_id, shop) if audience else None,
        "payloads": [
            {"name": name, "bytes": sizes[name], "record": records[name]} for name in records
        ],
        "winner": won[0] if won else None,
        "losers": [trigger for trigger in facts["triggers"] if trigger["outcome"] != "won"],
        "recommendations": [
            {**row, "in_mail": row["product_id"] in in_mail} for row in facts["recommendations"]
        ],
    }


def masked_block(block: Row, names: list[str | None]) -> Row:
    """A content block whose words do not tell the reader's name."""
    masked = dict(block)
    for name in filter(None, names):
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for key in ("subject", "headline", "body", "call_to_action"):
            masked[key] = masked[key] and whole.sub(masked_name(name), masked[key])
    return masked


def payloads(
    connection: duckdb.DuckDBPyConnection, external_ids: list[str]
) -> dict[str, dict[str, list[Row]]]:
    """By external id, then by export: the rows a platform gets of a person."""
    found: dict[str, dict[str, list[Row]]] = {key: {} for key in external_ids}
    for relation, name, columns in export_tables(connection):
        keys = [key for key in PERSON_KEYS if key in columns]
        if "deletes" in name or "clears" in name or not keys or name in PRODUCT_FEEDS:
            continue
        shown_columns = [column for column in columns if column not in FEED_COLUMNS]
        listed = ", ".join(identifier(column) for column in shown_columns)
        gone = " and operation = 'upsert'" if "operation" in columns else ""
        for row in rows(
            connection,
            f"select {listed} from {relation} where {identifier(keys[0])} = any($1){gone}"
            " order by all",
            [external_ids],
        ):
            found[row[keys[0]]].setdefault(name, []).append(row)
    return found


# The columns that may hold the id a platform knows a person by, the surest first.
PERSON_KEYS = ("external_id", "user_id", "subscriberkey", "id")
PRODUCT_FEEDS = ("braze_catalog", "klaviyo_items", "iterable_catalog")
FEED_COLUMNS = ("operation", "batch_number", "content_hash", "updated_at")
JSON_COLUMNS = ("payload", "letter", "properties", "attribs")
DIGEST = re.compile(r'(?<="subscriber_hash": ")[0-9a-f]{32}')


def as_json(found: list[Row], indent: int | None = 2) -> str:
    """Rows of an export as JSON, with the JSON in them as such."""
    records = [
        {
            key: json.loads(value) if key in JSON_COLUMNS and value else value
            for key, value in row.items()
        }
        for row in found
    ]
    return json.dumps(
        records[0] if len(records) == 1 else records, ensure_ascii=False, indent=indent
    )


def masked_record(record: str, names: list[str | None]) -> str:
    """The same without names and addresses."""
    for name in filter(None, names):
        record = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", masked_name(name), record)
    return masked_address(DIGEST.sub("•••", record))


def the_mail(blocks: list[Row], external_id: str, shop: dict[str, str]) -> dict[str, Any]:
    """The e-mail as it is shown, and the size of the one that would be sent."""
    links = {
        page: f"{shop['url']}/{page}?id={quote(external_id, safe='')}"
        for page in ("unsubscribe", "preferences")
    }
    hero = next(block for block in blocks if block["slot"] == "hero")
    size = len(mail.render(blocks, shop, links).encode())
    return {
        "subject": hero["subject"],
        "preheader": mail.preheader(hero),
        "html": mail.render(blocks, shop, links, mail.placeholder_image),
        "kilobytes": size / 1024,
        "share_of_limit": size / CLIPPED_AT,
        "valid_until": hero["valid_until"],
        "blocks": sorted({block["block_id"] for block in blocks}),
        "fallback_depth": max(block["fallback_depth"] for block in blocks),
    }


def run_numbers(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> dict[str, Any]:
    """The funnel from profiles to mailable, and what else the run counted."""
    ((profiles, mailable),) = connection.execute(
        "select (select count(*) from profiles), (select count(*) from audience)"
    ).fetchall()
    left = profiles
    funnel = []
    for row in warehouse.excluded(connection):
        left -= row["people"]
        label, why = explained(row["reason"])
        funnel.append({"label": label, "why": why, "people": row["people"], "left": left})
    held_back = rows(
        connection, "select * from releases where as_of = ? and not is_released", [as_of]
    )
    return {
        "profiles": profiles,
        "mailable": mailable,
        "funnel": funnel,
        "is_held_back": bool(held_back),
        "rejected": rows(
            connection,
            "select source_table, reason, count(*) as n from rejected group by all"
            " order by n desc, source_table, reason",
        ),
        "performance": rows(
            connection, "select * from performance where population = 'all' order by model, metric"
        ),
        "exports": exports(connection, as_of),
    }


def exports(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> list[Row]:
    """Every export table: how many rows it has, and how many of them moved in this run."""
    found = []
    for relation, name, columns in export_tables(connection):
        since = "case when updated_at >= $1 then 1 end" if "updated_at" in columns else "null"
        query = f"select count(*) as n, count({since}) as moved from {relation}"
        counted = rows(connection, query, [as_of] if "updated_at" in columns else [])
        found.append({"name": name, **counted[0]})
    return found


def export_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, list[str]]]:
    """The exports: (relation, name, columns)."""
    tables = connection.execute(
        "select schema_name, table_name, list(lower(column_name) order by column_index)"
        f" from duckdb_columns() where starts_with(table_name, '{EXPORT}') and not internal"
        " group by all order by table_name"
    ).fetchall()
    return [
        (f"{identifier(schema)}.{identifier(table)}", table.removeprefix(EXPORT), columns)
        for schema, table, columns in tables
    ]


def held_back(obstacle: str | None) -> str:
    """What kept a rule from winning, in words."""
    if not obstacle:
        return "held back"
    kind, _, name = obstacle.partition(":")
    if kind == "group":
        return f"another message of the group {spoken(name).lower()} was sent lately"
    if kind == "cap":
        return f"the group {spoken(name).lower()} has sent as many as it may"
    if name:
        return f"{kind}: {spoken(name).lower()}"
    return f"held back by {spoken(obstacle).lower()}"


def day(value: datetime | None) -> str:
    """1 May 2026."""
    return f"{value.day} {value:%B %Y}" if value else ""


def moment(value: datetime | None) -> str:
    """1 May 2026, 06:00."""
    return f"{day(value)}, {value:%H:%M}" if value else ""


def share(value: float | None) -> str:
    """0.253 as 25%."""
    return "" if value is None else f"{100 * value:.0f}%"


def number(value: float | None) -> str:
    """12345 as 12,345."""
    return "" if value is None else f"{value:,.0f}"


def decimal(value: float | None) -> str:
    """0.81 as 0.810."""
    return "" if value is None else f"{value:.3f}"


def main(arguments: Iterable[str] | None = None) -> int:
    """Reads the database and writes the page."""
    parser = argparse.ArgumentParser(description="What real people in the export would receive.")
    parser.add_argument("--db", type=Path, default=Path("target/personalize.duckdb"))
    parser.add_argument("--out", type=Path, default=Path("target/preview.html"))
    parser.add_argument("--pii", action="store_true", help="show names and addresses in full")
    options = parser.parse_args(arguments)
    try:
        with warehouse.connect(options.db) as connection:
            html = page(connection, options.pii)
    except Refusal as refusal:
        print(f"personalize: {refusal}", file=sys.stderr)
        return 2
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(html, encoding="utf-8")
    names = "in full" if options.pii else "masked"
    say(f"Open {shown(options.out.resolve())} in a browser; names and addresses are {names}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
