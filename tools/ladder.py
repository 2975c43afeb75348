"""The ladder in action: what people of whom more and more is known are recommended, and why.

.venv/bin/python tools/ladder.py [database] [events …]
"""

import sys
from pathlib import Path

import duckdb

PLACES = 6
PEOPLE = """
    select requests.profile_id, count(days.days_ago) as events
    from int_personalize__recommendation_requests as requests
    left join int_personalize__interaction_days as days using (profile_id)
    where requests.window_number = 0 and requests.can_personalize = ?
    group by requests.profile_id
    having events >= ?
    order by events, requests.profile_id
    limit 1
"""
EVENTS = """
    select replace(interaction, '_', ' '), count(*)
    from int_personalize__interaction_days
    where profile_id = ?
    group by interaction
    order by 2 desc, 1
"""
LIST = """
    select
        recommendations.rank, products.title, recommendations.strategy,
        recommendations.reason_code, evidence.title, recommendations.confidence,
        recommendations.fallback_depth
    from personalize__recommendations as recommendations
    join int_personalize__current_products as products using (product_id)
    left join int_personalize__current_products as evidence
        on recommendations.evidence_product_id = evidence.product_id
    where recommendations.profile_id = ? and recommendations.rank <= ?
    order by recommendations.rank
"""
HEAD = ("", "product", "strategy", "reason", "because of", "confidence", "depth")


def ladder(database: Path, counts: list[int]) -> str:
    """Markdown: a table per person, the one who does not allow personalization last."""
    with duckdb.connect(str(database), read_only=True) as connection:
        parts = []
        for allowed, count in [(True, count) for count in counts] + [(False, 0)]:
            found = connection.execute(PEOPLE, [allowed, count]).fetchone()
            if found is None:
                continue
            profile, events = found
            kinds = connection.execute(EVENTS, [profile]).fetchall()
            did = ", ".join(f"{number} {kind}" for kind, number in kinds)
            known = f"{events} events: {did}" if events > 1 else f"1 event: {did}"
            who = known if events else "No event"
            parts.append(f"**{who if allowed else 'No permission to personalize'}**\n")
            parts.append("| " + " | ".join(HEAD) + " |")
            parts.append("|---|---|---|---|---|---|---|")
            for rank, title, *why, evidence, confidence, depth in connection.execute(
                LIST, [profile, PLACES]
            ).fetchall():
                trust = "" if confidence is None else f"{confidence:.3f}"
                cells = (rank, title, *why, evidence or "", trust, depth)
                parts.append("| " + " | ".join(str(cell) for cell in cells) + " |")
            parts.append("")
    return "\n".join(parts)


def main(arguments: list[str]) -> None:
    """Prints the ladder of a database, the demo's if none is named."""
    paths = [argument for argument in arguments if not argument.isdigit()]
    counts = [int(argument) for argument in arguments if argument.isdigit()]
    database = Path(paths[0] if paths else "target/personalize.duckdb")
    print(ladder(database, counts or [0, 1, 3, 50]))


if __name__ == "__main__":
    main(sys.argv[1:])
