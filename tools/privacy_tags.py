"""How private each column is: writes `privacy` to the YAML of models and snapshots that lack it.

pii names or reaches a person; quasi helps to tell people apart or stands for one; none does
neither. The tags are what masking policies and the masked views are made from. A column that no
rule names is none; the tests look for addresses, names and numbers in what is called none.
"""

import argparse
import itertools
import re
import sys
from pathlib import Path

import yaml
from common import ROOT, shown

FOLDERS = ("models", "python_models", "snapshots")
KINDS = ("models", "snapshots")


def words(text: str) -> set[str]:
    """The words of a text."""
    return set(re.findall(r"\w+", text))


PII = words("""
    email emailaddress email_address phone first_name last_name address identifier account
    source_customer_id source_record_id record_id record_key row_json payload attribs properties
    letter to_address anonymous_id external_id subscriberkey user_id search_query subject headline
    body greeting person person_key_text seniority email_md5 subscriber_hash preheader fname name
    block hero_head hero_text left_account right_account left_person right_person exact_person
    match_group block_key first_name_root last_name_root
""")
QUASI = words("""
    profile_id other_profile_id previous_profile_id profile_number birth_date gender city region
    postal_code country language locale timezone loyalty_tier user_agent session_id url tcf_string
    email_hash identifier_hash person_key request_hash evidence_event_id consent_evidence_event_id
    event_id message_id request_id order_id component label content_hash
    days_since_birthday days_until_birthday evidence birth_date_as_written told_apart_component
    told_apart_label erased_with
""")
# Where a name means something else: (model, column): tag.
EXCEPTIONS = {
    ("int_personalize__blocked_identifiers", "identifier"): "none",
    ("int_personalize__golden_fields", "value"): "pii",
    ("int_personalize__match_parts", "part"): "pii",
    ("int_personalize__match_frequencies", "said"): "pii",
    ("int_personalize__match_memory", "one"): "pii",
    ("int_personalize__match_memory", "other"): "pii",
    ("int_personalize__ranker_influences", "name"): "none",
    ("int_personalize__block_library", "subject"): "none",
    ("int_personalize__block_library", "headline"): "none",
    ("int_personalize__block_library", "body"): "none",
    ("int_personalize__suppression_reports", "evidence_event_id"): "quasi",
    ("int_personalize__braze_catalog_rows", "payload"): "none",
    ("export_personalize__braze_catalog", "payload"): "none",
    ("int_personalize__judged_groups", "population"): "quasi",
    ("personalize__exported_letters_history", "external_id"): "pii",
    ("export_personalize__hubspot_contacts", "id"): "pii",
    ("int_personalize__hubspot_contact_rows", "id"): "pii",
    ("export_personalize__customerio_people", "id"): "pii",
}
# Relations without a row about a person.
IMPERSONAL = re.compile(
    r"publish|privacy_budget|noise|product|catalog|item_rows|_items$|jurisdiction_rules|settings"
    r"|block_library|block_ladders|reason_texts|experiment_variations|experiment_results|performance|registry$|data_quality"
    r"|row_counts|input_history|input_anomalies|input_distributions|run_measures|unusual_runs"
    r"|sync_forecast|_runs$|releases$|prediction_models|rhythm|similar"
)
PERSONAL = re.compile(
    r"bought_products|slot_products|interest|product_interactions|liked|profile|identity_registry"
)
# The wide exports say where a field stands before they name it.
PLACE = re.compile(r"^(personalize_)?((hero|showcase(_[0-9])?|footer)_(?!(head|text)$))?")
COLUMN = re.compile(r"^( *)- name: [\"']?([A-Za-z0-9_]+)[\"']?\s*$")


def tag(model: str, column: str) -> str:
    """How private a column is."""
    if (model, column) in EXCEPTIONS:
        return EXCEPTIONS[model, column]
    name = PLACE.sub("", column.lower())
    if name == "profile_id":
        return "quasi"
    if IMPERSONAL.search(model) and not PERSONAL.search(model):
        return "none"
    if name in PII:
        return "pii"
    return "quasi" if name in QUASI else "none"


def described(path: Path) -> list[tuple[str, dict]]:
    """(model, column's properties) of a YAML file."""
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return [
        (relation["name"], column)
        for kind in KINDS
        for relation in content.get(kind) or []
        for column in relation.get("columns") or []
    ]


def tagged(text: str) -> str:
    """The text of a YAML file in which every column has a tag."""
    lines = text.splitlines(keepends=True)
    written: list[str] = []
    kind = model = ""
    inside = False
    for place, line in enumerate(lines):
        top = re.match(r"^(\w+):", line)
        if top:
            kind, inside = top[1], False
        if kind in KINDS:
            relation = re.match(r"^  - name: (\w+)\s*$", line)
            if relation:
                model, inside = relation[1], False
            elif re.match(r"^    \w+:", line):
                inside = line.startswith("    columns:")
        written.append(line)
        column = COLUMN.match(line)
        if inside and column and len(column[1]) == 6:
            following = "".join(
                itertools.takewhile(lambda other: not COLUMN.match(other), lines[place + 1 :])
            )
            if "privacy:" not in following:
                written.append(f"        config: {{meta: {{privacy: {tag(model, column[2])}}}}}\n")
    return "".join(written)


def files() -> list[Path]:
    """The YAML files of models and snapshots."""
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.yml"))


def main(arguments: list[str] | None = None) -> int:
    """Says which files lack a tag, or writes them with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    lacking = False
    for path in files():
        text = path.read_text(encoding="utf-8")
        wanted = tagged(text)
        if wanted != text:
            lacking = True
            print(shown(path))
            if options.write:
                path.write_text(wanted, encoding="utf-8")
    return int(lacking and not options.write)


if __name__ == "__main__":
    sys.exit(main())
