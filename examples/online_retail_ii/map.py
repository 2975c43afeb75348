"""Maps Online Retail II onto the input tables: map.py <online_retail_ii.parquet> <folder>."""

import argparse
from pathlib import Path

import duckdb

TABLES = ("customers", "products", "orders", "order_lines", "consent_events")


def main() -> None:
    """Writes one Parquet file per input table and says where every line of the source went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "source", type=Path, help="online_retail_ii.parquet, or the folder it is in"
    )
    parser.add_argument("folder", type=Path, help="the RAW folder to write")
    options = parser.parse_args()
    source = (
        options.source / "online_retail_ii.parquet" if options.source.is_dir() else options.source
    )
    if not source.is_file():
        parser.error(f"{source} is not there")
    options.folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.read_parquet(str(source), file_row_number=True).create_view("source_lines")
        connection.execute(Path(__file__).with_name("map.sql").read_text())
        for table in TABLES:
            connection.table(table).write_parquet(str(options.folder / f"{table}.parquet"))
        report(connection, options.folder)


def report(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The lines by what they became, and the rows of each table."""
    print("lines of the source:")
    for kind, count in connection.execute(
        "select kind, count(*) from lines group by kind "
        "union all select 'in all', count(*) from lines "
        "order by 2, 1"
    ).fetchall():
        print(f"  {count:>9,} {kind}")
    print(f"written to {folder}:")
    for table in TABLES:
        print(f"  {connection.table(table).count('*').fetchall()[0][0]:>9,} {table}")


if __name__ == "__main__":
    main()
