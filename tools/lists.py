"""What people would be recommended, beside what they bought last, to be judged by eye.

.venv/bin/python tools/lists.py <database of tools/bench_retail.py> [events …]

The order is the ranker's, before any rule: what accuracy alone would send.
"""

import sys
from pathlib import Path

import duckdb

PLACES = 6
PERSON = """
    select profile_id, count(*) as events
    from int_personalize__interaction_days
    semi join (
        from int_personalize__recommendation_requests where window_number = 0
    ) using (profile_id)
    group by profile_id
    having events >= ?
    order by events, profile_id
    limit 1
"""
BOUGHT = """
    select products.title, count(*) as days
    from int_personalize__interaction_days as days
    join int_personalize__current_products as products using (product_id)
    where days.profile_id = ? and days.interaction = 'purchase'
    group by products.title
    order by min(days.days_ago), days desc, products.title
    limit 6
"""
LIST = """
    select products.title, lists.reason_code, evidence.title, lists.ranker_chance
    from int_personalize__blended_recommendations as lists
    join int_personalize__current_products as products using (product_id)
    left join int_personalize__current_products as evidence
        on lists.evidence_product_id = evidence.product_id
    where lists.window_number = 0 and lists.profile_id = ? and lists.ranker_rank <= ?
    order by lists.ranker_rank
"""


def lists(database: Path, counts: list[int]) -> str:
    """Markdown: a paragraph and a table per person, those of whom little is known first."""
    parts = []
    with duckdb.connect(str(database), read_only=True) as connection:
        for count in counts:
            found = connection.execute(PERSON, [count]).fetchone()
            if found is None:
                continue
            profile, events = found
            bought = connection.execute(BOUGHT, [profile]).fetchall()
            told = [title if days == 1 else f"{title} ({days} days)" for title, days in bought]
            did = "1 event" if events == 1 else f"{events} events"
            parts.append(f"**{did}**, bought last: {'; '.join(told) or 'nothing'}.\n")
            parts.append("| product | reason | because of | chance |\n|---|---|---|---|")
            for title, reason, because, chance in connection.execute(
                LIST, [profile, PLACES]
            ).fetchall():
                evidence = because if because and because != title else ""
                parts.append(f"| {title} | {reason} | {evidence} | {chance:.3f} |")
            parts.append("")
    return "\n".join(parts)


def main(arguments: list[str]) -> None:
    """Prints the lists of a database."""
    print(lists(Path(arguments[0]), [int(count) for count in arguments[1:]] or [1, 5, 20, 60, 200]))


if __name__ == "__main__":
    main(sys.argv[1:])
