"""Writes the demo shop: seeds/demo/demo_<input>.csv. Run it again and the files stay as they are.

tools/demo_shop/ holds the products (catalogue.csv), the hard cases (cases.py) and the people around
them (crowd.py).
"""

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from demo_shop import catalogue, crowd
from demo_shop.rows import COLUMNS, csv_text

DEMO_SEED = 20260501
FOLDER = Path(__file__).parent.parent / "seeds" / "demo"


def control_totals(orders, control_totals):
    """What each system says it sold, a day: orders that were not cancelled."""
    sold = defaultdict(lambda: [0, 0.0])
    for order in orders:
        if order["status"] != "cancelled":
            day = sold[order["source_system"], order["ordered_at"].date()]
            day[0] += 1
            day[1] += order["total_amount"]
    for (system, day), (count, total) in sorted(sold.items()):
        yield {
            "source_system": system,
            "order_date": day,
            "order_count": count,
            "total_amount": total,
        }


def tables():
    """Every row of every input table."""
    rows = {table: [] for table in COLUMNS}
    rows["products"] += catalogue.product_rows()
    for table, people in crowd.crowd(DEMO_SEED).items():
        rows[table] += people
    rows["order_control_totals"] += control_totals(rows["orders"], {})
    return rows


def files():
    """{file name: text} of everything this script writes."""
    return {f"demo_{table}.csv": csv_text(COLUMNS[table], rows) for table, rows in tables().items()}


def main():
    """Write the files and say how large they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")
        print(f"{name:32} {text.count(chr(10)) - 1:6} rows {len(text.encode()) // 1024:5} kB")


if __name__ == "__main__":
    main()
