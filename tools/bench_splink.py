"""Runs Splink on one data set with the model of its own documentation; run by bench_identity.py.

Without the number (soc_sec_id) the model is the same less that comparison and its rules.
"""

import json
import resource
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

HISTORICAL_RULES = [
    block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
    block_on("surname", "dob"),
    block_on("first_name", "dob"),
    block_on("postcode_fake", "first_name"),
    block_on("postcode_fake", "surname"),
    block_on("dob", "birth_place"),
    block_on("substr(postcode_fake,1,3)", "dob"),
    block_on("substr(postcode_fake,1,3)", "first_name"),
    block_on("substr(postcode_fake,1,3)", "surname"),
    block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
]
SWAPPED = "l.given_name = r.surname and l.surname = r.given_name"


def historical(api, con, data):
    """The demo deduplicate_50k_synthetic."""
    con.execute(
        "create table people as select *, cluster as truth,"
        " first_name || ' ' || surname as first_name_surname_concat"
        f" from '{data}/splink_historical_50k/historical_50k.parquet'"
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=HISTORICAL_RULES,
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name",
                "surname",
                forename_surname_concat_col_name="first_name_surname_concat",
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
    )
    linker = Linker(api.register(con.table("people")), settings)
    linker.training.estimate_probability_two_random_records_match(
        [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        recall=0.6,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    return linker, None, 0.95, "unique_id"


def febrl3(api, con, data, number):
    """The demo febrl3."""
    con.execute(
        "create table people as select * replace (trim(cast(date_of_birth as varchar)) as"
        " date_of_birth, trim(cast(soc_sec_id as varchar)) as soc_sec_id), entity_id as truth"
        f" from '{data}/febrl/febrl3.parquet'"
    )
    rules = ["soc_sec_id", "given_name", "surname", "date_of_birth", "postcode"]
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ]
    certain = [
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        f"{SWAPPED} and l.date_of_birth = r.date_of_birth",
    ]
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(rule) for rule in rules[not number :]],
        comparisons=comparisons if number else comparisons[:3] + comparisons[4:],
    )
    linker = Linker(api.register(con.table("people")), settings)
    linker.training.estimate_probability_two_random_records_match(certain[not number :], recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    return linker, 0.2, 0.9, "rec_id"


def febrl4(api, con, data, number):
    """The detailed model of the demo febrl4, which links the two files."""
    tables = []
    for name in "ab":
        con.execute(
            f"create table people_{name} as select * replace (trim(cast(date_of_birth as varchar))"
            " as date_of_birth, trim(cast(soc_sec_id as varchar)) as soc_sec_id,"
            " trim(cast(postcode as varchar)) as postcode), entity_id as truth"
            f" from '{data}/febrl/febrl4{name}.parquet'"
        )
        tables.append(api.register(con.table(f"people_{name}")))
    con.execute("create table people as from people_a union all from people_b")
    rules = [
        block_on("given_name", "surname"),
        SWAPPED,
        block_on("date_of_birth"),
        block_on("state", "address_1"),
        block_on("street_number", "address_1"),
        block_on("postcode"),
        *([block_on("soc_sec_id")] if number else []),
    ]
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison(
            "date_of_birth",
            input_is_string=True,
            datetime_format="%Y%m%d",
            invalid_dates_as_null=True,
        ),
        *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if number else []),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
            term_frequency_adjustments=True
        ),
    ]
    settings = SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=rules,
        comparisons=comparisons,
    )
    linker = Linker(tables, settings)
    certain = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    linker.training.estimate_probability_two_random_records_match(certain[not number :], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for column in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=True
        )
    return linker, 0.2, 0.99, "rec_id"


def main():
    """One data set; writes the pairs, the clusters, the truth, time and memory."""
    name, data, folder = sys.argv[1:]
    con = duckdb.connect()
    con.execute("set threads = 2")
    api = DuckDBAPI(connection=con)
    started = time.monotonic()
    if name == "historical_50k":
        linker, lowest, threshold, key = historical(api, con, data)
    else:
        model = febrl3 if name.startswith("febrl3") else febrl4
        linker, lowest, threshold, key = model(api, con, data, "number" in name)
    predictions = linker.inference.predict(threshold_match_probability=lowest)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=threshold
    )
    clusters.as_duckdbpyrelation().create("clusters")
    seconds = time.monotonic() - started
    predictions.as_duckdbpyrelation().create("predictions")
    folder = Path(folder)
    con.execute(
        f"copy (select {key}_l as l, {key}_r as r from predictions where match_probability >="
        f" {threshold}) to '{folder / 'pairs.parquet'}'"
    )
    con.execute(
        f"copy (select {key} as id, cluster_id as part from clusters)"
        f" to '{folder / 'clusters.parquet'}'"
    )
    con.execute(
        f"copy (select {key} as id, truth as entity from people) to '{folder / 'truth.parquet'}'"
    )
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (folder / "told.json").write_text(json.dumps({"seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main()
