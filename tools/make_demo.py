"""Writes the demo shop into seeds/demo. Run it again and the files stay as they are.

tools/demo_shop/ holds the products (catalogue.csv), the hard cases (cases.py) and the people around
them (crowd.py).
"""

import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from demo_shop.casebook import OUTCOME_COLUMNS, PRODUCT_COLUMNS, ROW_COLUMNS
from demo_shop.cases import WRONG_TOTAL, cases
from demo_shop.catalogue import product_rows
from demo_shop.crowd import crowd
from demo_shop.rows import COLUMNS, csv_text

DEMO_SEED = 20260501
FOLDER = Path(__file__).parent.parent / "seeds" / "demo"

README = """\
# The demo shop

A small shop for coffee, tea and kitchen things from January to April 2026, as seen on 2026-05-01
06:00 UTC. Written by `tools/make_demo.py`, this page too: {people} made-up people who buy, browse
and read, and, by hand, the cases below. Nobody and nothing in it is real.

`demo_expected_outcomes.csv` (people), `demo_expected_products.csv` and `demo_expected_rows.csv` say
what must come of each case; the tests `tests/singular/assert_demo_*.sql` hold the build to it.

| case | rows | what must come of it |
|---|---|---|
"""


def control_totals(orders):
    """What each system says it sold, a day; cancelled orders were sold as well."""
    sold = defaultdict(lambda: [0, 0.0])
    for order in orders:
        if isinstance(order["ordered_at"], datetime):
            day = sold[order["source_system"], f"{order['ordered_at']:%Y-%m-%d}"]
            day[0] += 1
            day[1] += order["total_amount"]
    sold[WRONG_TOTAL["day"]][0] += WRONG_TOTAL["orders"]
    sold[WRONG_TOTAL["day"]][1] += WRONG_TOTAL["amount"]
    for (system, day), (count, total) in sorted(sold.items()):
        yield {
            "source_system": system,
            "order_date": day,
            "order_count": count,
            "total_amount": total,
        }


def readme(stories, people):
    """The table of the cases."""
    lines = [
        f"| {story['title']} | {', '.join(dict.fromkeys(story['ids']))} | {story['outcome']} |\n"
        for story in stories
    ]
    return README.format(people=people) + "".join(lines)


def files():
    """{file name: text} of everything this script writes."""
    by_hand = cases()
    around_them = crowd(DEMO_SEED)
    rows = {table: around_them.get(table, []) + by_hand.rows[table] for table in COLUMNS}
    rows["products"] = [*product_rows(), *rows["products"]]
    rows["order_control_totals"] = list(control_totals(rows["orders"]))
    people = len({row["email"].lower() for row in around_them["customers"] if row["email"]})
    return {
        **{f"demo_{table}.csv": csv_text(COLUMNS[table], rows[table]) for table in COLUMNS},
        "demo_expected_outcomes.csv": csv_text(OUTCOME_COLUMNS, by_hand.outcomes),
        "demo_expected_products.csv": csv_text(PRODUCT_COLUMNS, by_hand.expected_products),
        "demo_expected_rows.csv": csv_text(ROW_COLUMNS, by_hand.expected_rows),
        "README.md": readme(by_hand.stories, people),
    }


def main():
    """Write the files and say how large they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")
        print(f"{name:32} {text.count(chr(10)) - 1:6} rows {len(text.encode()) // 1024:5} kB")


if __name__ == "__main__":
    main()
