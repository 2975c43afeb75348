"""Measures identity resolution: pairwise and cluster quality, time and memory, beside Splink.

Every data set is loaded as `make build RAW=…` would and built with the default configuration. The
truth is looked at only afterwards.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import load_raw
from bench import MemorySamples, moment
from common import ROOT, TARGET, Refusal, quoted, say
from dbt_command import dbt, run

DATA = ROOT.parent / "shared" / "data"
SPLINK = TARGET / "splink"
LOCK = ROOT / "requirements" / "splink.lock"
AS_OF = "2026-05-01 06:00:00"
DAY_LATER, TWO_DAYS_LATER = "2026-05-02 06:00:00", "2026-05-03 06:00:00"
UPDATED_AT = "cast('2026-01-01' as timestamp)"
FEBRL = """
    given_name as first_name, surname as last_name, date_of_birth as birth_date,
    nullif(trim(coalesce(street_number, '') || ' ' || coalesce(address_1, '')), '') as address,
    suburb as city, state as region, postcode as postal_code
"""
HISTORICAL = """
    first_name, surname as last_name, dob as birth_date, birth_place as city,
    postcode_fake as postal_code, gender, occupation
"""
WITH_NUMBER = {
    "personalize_customer_columns": ["soc_sec_id"],
    "personalize_match_comparisons": {
        "soc_sec_id": {"column": "soc_sec_id", "kind": "code", "is_personal": True}
    },
    "personalize_match_rules": {"soc_sec_id": {"columns": ["soc_sec_id"]}},
}
WITH_OCCUPATION = {
    "personalize_customer_columns": ["occupation"],
    "personalize_match_comparisons": {"occupation": {"column": "occupation", "kind": "text"}},
}
# name: (files, columns, (id, truth), dbt variables)
SETS = {
    "historical_50k": (
        ["splink_historical_50k/historical_50k"],
        HISTORICAL,
        ("unique_id", "cluster"),
        WITH_OCCUPATION,
    ),
    "febrl3": (["febrl/febrl3"], FEBRL, ("rec_id", "entity_id"), {}),
    "febrl3 with number": (
        ["febrl/febrl3"],
        FEBRL + ", soc_sec_id",
        ("rec_id", "entity_id"),
        WITH_NUMBER,
    ),
    "febrl4": (["febrl/febrl4a", "febrl/febrl4b"], FEBRL, ("rec_id", "entity_id"), {}),
    "febrl4 with number": (
        ["febrl/febrl4a", "febrl/febrl4b"],
        FEBRL + ", soc_sec_id",
        ("rec_id", "entity_id"),
        WITH_NUMBER,
    ),
}
# People with names, places and postcodes as frequent as in historical_50k; three in twenty records
# are a second version of another one, with letters changed, lost or fields left empty.
SYNTHETIC = """
    create macro draw(key, what) as cast(hash(cast(key as varchar) || what) >> 2 as bigint);
    create macro spelt(said, key, what) as case draw(key, what) % 12
        when 0 then null
        when 1 then left(said, 1 + draw(key, what || 'at') % length(said))
            || substr(said, 3 + draw(key, what || 'at') % length(said))
        when 2 then left(said, draw(key, what || 'at') % length(said))
            || chr(cast(97 + draw(key, what || 'letter') % 26 as integer))
            || substr(said, 2 + draw(key, what || 'at') % length(said))
        else said end;
    create table lists as select
        list(first_name order by unique_id) filter (where first_name <> '') as first_names,
        list(surname order by unique_id) filter (where surname <> '') as last_names,
        list(birth_place order by unique_id) filter (where birth_place <> '') as cities
    from {source};
    copy (
        with records as (
            select number, number as person from range({people}) as drawn (number)
            union all
            select number, draw(number, 'who') % {people}
            from range({people}, {records}) as more (number)
        ),
        described as (
            select
                number,
                person,
                first_names[1 + draw(person, 'first') % len(first_names)] as first_name,
                last_names[1 + draw(person, 'last') % len(last_names)] as last_name,
                cast(date '1940-01-01' + cast(draw(person, 'born') % 24000 as integer) as varchar)
                    as birth_date,
                cities[1 + draw(person, 'city') % len(cities)] as city,
                lpad(cast(draw(person, 'code') % 30000 as varchar), 5, '0') as postal_code,
                case when draw(person, 'has') % 2 = 0
                    then lower(left(last_name, 6)) || draw(person, 'mail') % 1000000
                        || '@mail.example'
                end as email
            from records cross join lists
        )
        select
            number,
            person,
            case when number < {people} then first_name else spelt(first_name, number, 'f') end
                as first_name,
            case when number < {people} then last_name else spelt(last_name, number, 'l') end
                as last_name,
            case when number < {people} then birth_date else spelt(birth_date, number, 'b') end
                as birth_date,
            case when number < {people} then city else spelt(city, number, 'c') end as city,
            case when number < {people} then postal_code else spelt(postal_code, number, 'p') end
                as postal_code,
            case when number < {people} or draw(number, 'm') % 2 = 0 then email end as email
        from described
        order by draw(number, 'order'), number
    ) to {target};
"""
# One record in two hundred gets another city, one in four hundred goes and as many are new.
CHANGED = """
    copy (
        select * replace (
            case when hash(source_customer_id) % 400 in (1, 2) then 'elsewhere' else city end
                as city
        )
        from read_parquet({source})
        where hash(source_customer_id) % 400 <> 0
        union all
        select * replace (
            'new' || source_customer_id as source_customer_id,
            left(last_name, 3) || substr(last_name, 5) as last_name
        )
        from read_parquet({source})
        where hash(source_customer_id) % 400 = 3
    ) to {target} (format parquet)
"""
MATCHING = (
    *("match_", "random_pairs", "doubtful_links", "persons"),
    *("accounts", "exact_persons"),
)


def main() -> int:
    """Runs every data set through both, and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="data sets whose name begins with this")
    parser.add_argument("--vars", type=json.loads, default={}, help="dbt variables as JSON")
    parser.add_argument("--no-splink", action="store_true")
    parser.add_argument("--records", type=int, help="that many synthetic records instead")
    options = parser.parse_args()
    lines = [
        "| data | method | pairs P | R | F1 | clusters P | R | F1 | seconds | peak MB |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    if not DATA.exists():
        say("The data sets are not in ../shared/data: nothing is measured.")
        return 0
    sets = SETS
    if options.records:
        sets, options.no_splink = synthetic(options.records), True
    for name, (files, columns, key, variables) in sets.items():
        if not name.startswith(options.only):
            continue
        variables = {**variables, **options.vars}
        lines += ours(name, files, columns, key, variables)
        if not options.no_splink:
            lines += splinks(name)
        say("\n".join(lines[-4:]))
    folder = TARGET / "bench_identity"
    (folder / "report.md").write_text("\n".join(lines) + "\n")
    say("\n".join(["", *lines]))
    return 0


def synthetic(records: int) -> dict:
    """A data set of that many made-up records."""
    folder = TARGET / "bench_identity"
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"synthetic_{records}"
    with duckdb.connect() as connection:
        source = f"read_parquet({quoted(path('splink_historical_50k/historical_50k'))})"
        numbers = {"records": records, "people": records * 17 // 20}
        connection.execute(
            SYNTHETIC.format(source=source, target=quoted(f"{made}.parquet"), **numbers)
        )
    columns = "first_name, last_name, birth_date, city, postal_code, email"
    return {f"synthetic {records:,}": ([str(made)], columns, ("number", "person"), {})}


def ours(
    name: str, files: list[str], columns: str, key: tuple[str, str], variables: dict
) -> list[str]:
    """Loads and builds one data set; the line of the table."""
    folder = TARGET / "bench_identity" / name.replace(" ", "_").replace(",", "")
    shutil.rmtree(folder, ignore_errors=True)
    raw, database = folder / "raw", folder / "identity.duckdb"
    raw.mkdir(parents=True)
    sources = ", ".join(quoted(path(file)) for file in files)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select 'bench' as source_system, cast({key[0]} as varchar)"
            f" as source_customer_id, {columns}, {UPDATED_AT} as updated_at"
            f" from read_parquet([{sources}])) to {quoted(raw / 'customers.parquet')}"
        )
        connection.execute(
            "copy (select 'none' as product_id, 'none' as title)"
            f" to {quoted(raw / 'products.parquet')}"
        )
    load_raw.load(raw, database, False, variables.get("personalize_customer_columns", []))
    took, megabytes = build(name, folder, database, {"as_of": AS_OF, **variables})
    with duckdb.connect(str(database)) as connection:
        truth = connection.execute(
            f"select 'bench|' || {key[0]}, {key[1]} from read_parquet([{sources}])"
        ).fetchall()
        found = connection.execute(
            "select account, person from int_personalize__persons"
        ).fetchall()
        pairs = connection.execute(
            "select left_account, right_account from int_personalize__match_links"
            " where verdict = 'linked'"
        ).fetchall()
    lines = [row(name, "personalize", dict(truth), dict(found), pairs, took, megabytes)]
    if name.startswith("synthetic"):
        lines += a_day_later(name, folder, database, raw)
    return lines


def build(name: str, folder: Path, database: Path, variables: dict) -> tuple[str, float]:
    """Builds identity; the seconds it took as a text, and the peak of memory in megabytes."""
    samples = MemorySamples()
    started = time.monotonic()
    code = dbt(
        "build",
        *("--exclude-resource-type", "test", "unit_test"),
        *("--profile", "personalize_files", "--target-path", str(folder)),
        *("--select", "+int_personalize__persons"),
        database=database,
        variables=variables,
        watch=samples.watch,
    )
    seconds = time.monotonic() - started
    samples.stop()
    if code:
        raise Refusal(f"{name} could not be built.")
    started_at, ended_at, worked = span(folder)
    took = f"{ended_at - started_at:.1f}, {worked:.1f} of work ({seconds:.1f} with dbt and staging)"
    return took, samples.peak()


def a_day_later(name: str, folder: Path, database: Path, raw: Path) -> list[str]:
    """A run in which one record in a hundred is new, changed or gone, and one without any news."""
    customers = raw / "customers.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            CHANGED.format(source=quoted(customers), target=quoted(f"{customers}.new"))
        )
    Path(f"{customers}.new").replace(customers)
    load_raw.load(raw, database, False, [])
    lines = []
    for method, as_of in {"1 % changed": DAY_LATER, "nothing changed": TWO_DAYS_LATER}.items():
        took, megabytes = build(name, folder, database, {"as_of": as_of})
        lines.append(f"| {name} | {method} | | | | | | | {took} | {megabytes:,.0f} |")
    return lines


def path(file: str) -> Path:
    """A data set's file."""
    return DATA / f"{file}.parquet"


def span(folder: Path) -> tuple[float, float, float]:
    """When the first step of matching began and the last one ended; the seconds of all of them."""
    results = json.loads((folder / "run_results.json").read_text())["results"]
    steps = [
        [moment(timing[key]) for timing in result["timing"] for key in timing if key != "name"]
        for result in results
        if result["unique_id"].split("__")[-1].startswith(MATCHING)
        and not result["unique_id"].endswith("match_levels")  # built before anything is read
    ]
    worked = sum(max(times) - min(times) for times in steps)
    return min(map(min, steps)), max(map(max, steps)), worked


def splinks(name: str) -> list[str]:
    """What Splink makes of a data set, in a process and an environment of its own."""
    python = SPLINK / "bin" / "python"
    if not python.exists():
        say("Installing Splink into an environment of its own")
        subprocess.run([sys.executable, "-m", "venv", str(SPLINK)], check=True)
        install = ("-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK))
        if run(str(python), *install):
            raise Refusal("Splink could not be installed.")
    folder = TARGET / "bench_identity" / f"splink_{name.replace(' ', '_')}"
    folder.mkdir(parents=True, exist_ok=True)
    program = ROOT / "tools" / "bench_splink.py"
    if run(str(python), str(program), name, str(DATA), str(folder)):
        raise Refusal(f"Splink could not be run on {name}.")
    told = json.loads((folder / "told.json").read_text())
    with duckdb.connect() as connection:
        truth = connection.execute(f"select id, entity from {quoted(folder / 'truth.parquet')}")
        truth = dict(truth.fetchall())
        found = connection.execute(f"select id, part from {quoted(folder / 'clusters.parquet')}")
        found = dict(found.fetchall())
        pairs = connection.execute(f"select l, r from {quoted(folder / 'pairs.parquet')}")
        pairs = pairs.fetchall()
    took = f"{told['seconds']:.1f}"
    return [row(name, "Splink 5.0.0", truth, found, pairs, took, told["megabytes"])]


def row(
    name: str,
    method: str,
    truth: dict,
    found: dict,
    pairs: list,
    took: str,
    megabytes: float,
) -> str:
    """One line of the table."""
    hits = sum(truth[left] == truth[right] for left, right in pairs)
    possible = pairs_within(truth.values())
    same = pairs_within((truth[record], found[record]) for record in truth)
    cells = [
        *quality(hits, len(pairs), possible),
        *quality(same, pairs_within(found[record] for record in truth), possible),
    ]
    figures = " | ".join(f"{cell:.4f}" for cell in cells)
    return f"| {name} | {method} | {figures} | {took} | {megabytes:,.0f} |"


def pairs_within(labels: Iterable) -> int:
    """The number of pairs that carry one label."""
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def quality(hits: int, found: int, possible: int) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision, recall = hits / max(found, 1), hits / max(possible, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


if __name__ == "__main__":
    sys.exit(main())
