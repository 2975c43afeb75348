"""What the preview reads from a built database, and the people it chooses to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from common import Refusal, identifier, quoted

Row = dict[str, Any]

# The relations and columns the preview uses, under the short names its queries use.
RELATIONS = {
    "settings": ("int_personalize__settings", "name, value"),
    "releases": ("int_personalize__releases", "as_of, is_released"),
    "products": ("int_personalize__current_products", "product_id, title, category"),
    "profiles": (
        "personalize__profiles",
        "profile_id, email, first_name, last_name, order_count, monetary_value, last_ordered_at",
    ),
    "consent": (
        "personalize__consent",
        "profile_id, channel, purpose, is_allowed, status, lawful_basis, decided_at,"
        " evidence_event_id, valid_from, valid_to, known_from, known_to",
    ),
    "predictions": (
        "personalize__predictions",
        "profile_id, prediction, score, percentile, confidence",
    ),
    "recommendations": (
        "personalize__recommendations",
        "profile_id, rank, product_id, confidence, strategy, reason_code, evidence_product_id,"
        " fallback_depth",
    ),
    "segments": ("personalize__segments", "profile_id, segment_id, entered_at"),
    "triggers": (
        "personalize__triggers",
        "profile_id, rule_id, triggered_at, priority, outcome, suppressed_by, product_id",
    ),
    "experiments": (
        "personalize__experiment_assignments",
        "profile_id, experiment_id, variation_id, propensity",
    ),
    "blocks": (
        "personalize__content_blocks",
        "profile_id, slot, position, block_id, product_id, title, subject, headline, body,"
        " call_to_action, url, image_url, image_alt, image_width, image_height, price, price_text,"
        " reason_code, reason_text, locale, rule_id, fallback_depth, valid_until",
    ),
    "audience": ("personalize__audience", "profile_id, external_id, email, payload"),
    "exclusions": ("personalize__exclusions", "profile_id, reason"),
    "rejected": ("personalize__rejected_rows", "source_table, reason"),
    "performance": (
        "personalize__model_performance",
        "model, metric, population, value, baseline_value, evaluated_from, evaluated_to,"
        " observations, is_promoted",
    ),
}

# In the order in which they are applied: the first that holds is the reason.
EXCLUSIONS = {
    "erased": ("Erased", "Asked to be forgotten. Nothing but the delete feeds names this person."),
    "restricted": ("Restricted", "Asked to restrict how the data is used, so nothing is sent."),
    "suppressed": ("Suppressed", "The mailbox bounced, complained or unsubscribed."),
    "no_consent": ("No consent", "There is no live permission for marketing e-mail."),
    "no_email": ("No e-mail", "There is no address to write to."),
    "shared_mailbox": ("Shared mailbox", "Someone else is written to at the same address."),
    "held_out": (
        "Held out",
        "In the control group that gets no mail, to measure what mail brings.",
    ),
    "capped": ("Capped", "Got as many e-mails this week as the frequency cap allows."),
}


# Where there are fewer kinds of people, segments fill the dozen.
ENOUGH = 12


@dataclass(frozen=True)
class Kind:
    """A kind of person: what to call it, why it is worth showing, and who it is, best first."""

    label: str
    why: str
    query: str
    parameters: tuple[Any, ...] = ()


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """The database, read-only, with one temporary view per relation of RELATIONS."""
    if not path.is_file():
        raise Refusal(f"There is no database {path}; make build writes one.")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise Refusal(f"{path} cannot be opened: {error}") from error
    schemas = dict(
        connection.execute(
            "select table_name, min(schema_name) from duckdb_columns() where not internal"
            " group by table_name"
        ).fetchall()
    )
    for name, (relation, columns) in RELATIONS.items():
        if relation not in schemas:
            raise Refusal(f"{path} has no table {relation}; make build writes it.")
        try:
            connection.execute(
                f"create temporary view {name} as select {columns}"
                f" from {identifier(schemas[relation])}.{identifier(relation)}"
            )
        except duckdb.BinderException as error:
            message = str(error).splitlines()[0]
            raise Refusal(f"The table {relation} is not as expected: {message}") from error
    return connection


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()
) -> list[Row]:
    """The result of a query, one dictionary per row."""
    cursor = connection.execute(query, list(parameters))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def setting(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """One setting of the run."""
    return rows(connection, "select value from settings where name = ?", [name])[0]["value"]


def choose(connection: duckdb.DuckDBPyConnection) -> list[tuple[Kind, str]]:
    """One person per kind, nobody twice; a kind with fewer candidates picks first."""
    as_of = quoted(setting(connection, "as_of"))
    connection.execute(f"""
        create or replace temporary view current_consent as
        select * from consent
        where cast({as_of} as timestamp) >= valid_from
            and (valid_to is null or cast({as_of} as timestamp) < valid_to)
            and (known_to is null or cast({as_of} as timestamp) < known_to)
    """)
    # Whoever reads the page reads the default language best.
    connection.execute("""
        create or replace temporary view readers as
        select
            audience.profile_id,
            coalesce(
                blocks.locale = (select value from settings where name = 'default_locale'), false
            ) as is_default_locale
        from audience
        left join blocks
            on audience.profile_id = blocks.profile_id
            and blocks.slot = 'hero'
            and blocks.position = 1
    """)
    by_rule, by_segment, by_reason = kinds(connection)
    found = [*by_rule, *REGULAR, *by_segment, *by_reason]
    candidates: dict[Kind, list[str]] = {}
    for kind in found:
        query = f"{kind.query} limit {len(found)}"
        candidates[kind] = [r["profile_id"] for r in rows(connection, query, kind.parameters)]
    taken: dict[Kind, str] = {}
    for kind in sorted(found, key=lambda kind: (kind in by_segment, len(candidates[kind]))):
        if kind in by_segment and len(taken) >= ENOUGH:
            continue
        person = next((p for p in candidates[kind] if p not in taken.values()), None)
        if person is not None:
            taken[kind] = person
    return [(kind, taken[kind]) for kind in found if kind in taken]


def kinds(connection: duckdb.DuckDBPyConnection) -> tuple[list[Kind], list[Kind], list[Kind]]:
    """The kinds of this very database: by rule that won, by segment, by reason not to mail.

    The stages of a journey (journey.stage) are one rule.
    """
    rules = rows(
        connection,
        """
        select split_part(rule_id, '.', 1) as rule_id
        from triggers
        join audience using (profile_id)
        where outcome = 'won'
        group by 1
        order by min(priority), 1
        limit 10
        """,
    )
    by_rule = [
        Kind(
            label=spoken(rule["rule_id"]),
            why=f"The rule {rule['rule_id']} hit and won.",
            query=FOR_RULE,
            parameters=(rule["rule_id"],),
        )
        for rule in rules
    ]
    segments = rows(
        connection,
        "select segment_id from segments join audience using (profile_id) group by 1 order by 1",
    )
    by_segment = [
        Kind(
            label=spoken(segment["segment_id"]),
            why=f"In the segment {segment['segment_id']}, and gets the regular content.",
            query=FOR_SEGMENT,
            parameters=(segment["segment_id"],),
        )
        for segment in segments
    ]
    by_reason = [
        Kind(*explained(row["reason"]), query=FOR_EXCLUSION, parameters=(row["reason"],))
        for row in excluded(connection)
    ]
    return by_rule, by_segment, by_reason


# Whose rule also beat others shows the most.
FOR_RULE = """
    select profile_id
    from readers
    join triggers using (profile_id)
    group by profile_id, is_default_locale
    having count_if(outcome = 'won' and split_part(rule_id, '.', 1) = ?) > 0
    order by count(*) desc, is_default_locale desc, profile_id
"""
FOR_SEGMENT = """
    select profile_id
    from readers
    join segments using (profile_id)
    where segment_id = ?
        and profile_id not in (select profile_id from triggers where outcome = 'won')
    order by is_default_locale desc, profile_id
"""
FOR_EXCLUSION = """
    select profile_id
    from exclusions
    join profiles using (profile_id)
    left join (
        select profile_id, count(*) as hits from triggers group by profile_id
    ) using (profile_id)
    where reason = ?
    order by hits desc nulls last, order_count desc nulls last, profile_id
"""
REGULAR = (
    Kind(
        "Running low",
        "Something they buy again and again is due.",
        """
        select profile_id
        from readers
        join blocks using (profile_id)
        join recommendations using (profile_id, product_id)
        where strategy = 'replenishment'
        group by profile_id, is_default_locale
        order by min(slot), min(position), is_default_locale desc, profile_id
        """,
    ),
    Kind(
        "Loyal, high value",
        "Spent the most of all who get the regular content.",
        """
        select profile_id
        from audience
        join profiles using (profile_id)
        where order_count > 1
            and profile_id not in (select profile_id from triggers where outcome = 'won')
        order by monetary_value desc nulls last, profile_id
        """,
    ),
    Kind(
        "New, no history",
        "Agreed to e-mail and has not bought anything yet.",
        """
        select profile_id
        from readers
        join profiles using (profile_id)
        join blocks using (profile_id)
        where coalesce(order_count, 0) = 0
            and profile_id not in (select profile_id from triggers where outcome = 'won')
        group by profile_id, is_default_locale
        order by is_default_locale desc, max(fallback_depth) desc, profile_id
        """,
    ),
    Kind(
        "No personalisation",
        "Agreed to e-mail but not to personalisation, so gets what everybody likes.",
        """
        select profile_id
        from readers
        join profiles using (profile_id)
        where profile_id not in (
            select profile_id from current_consent where purpose = 'personalization' and is_allowed
        )
        order by is_default_locale desc, order_count desc nulls last, profile_id
        """,
    ),
)


def excluded(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """How many are excluded for which reason, in the order the reasons are applied."""
    found = rows(connection, "select reason, count(*) as people from exclusions group by reason")
    order = {reason: place for place, reason in enumerate(EXCLUSIONS)}
    return sorted(found, key=lambda row: (order.get(row["reason"], len(order)), row["reason"]))


def explained(reason: str) -> tuple[str, str]:
    """What to call a reason not to mail, and what it means."""
    return EXCLUSIONS.get(reason, (spoken(reason), f"Not mailed: {reason}."))


def spoken(text: str) -> str:
    """cart_abandonment as Cart abandonment."""
    words = text.replace("_", " ").replace(":", " ").replace(".", ": ").strip()
    return words[:1].upper() + words[1:]
