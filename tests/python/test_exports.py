"""The exports against what the platforms' own specifications say of a request.

Klaviyo and SendGrid: the request schemas of their OpenAPI documents (tests/fixtures, source named
there), held strictly: a key they do not name is an error. Amazon SES: the model botocore brings.
"""

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict

import botocore.loaders
import botocore.model
import botocore.validate
import duckdb
import jsonschema
import pytest
import show_exports
from common import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
LIMITS = {
    (row["esp"], row["object"], row["limit_name"]): int(row["limit_value"])
    for row in csv.DictReader((ROOT / "seeds/reference/personalize_esp_limits.csv").open())
}


# What a test has read, for whoever wants to tell how much was checked.
READ = Counter()


@pytest.fixture(autouse=True)
def noted(record_property):
    READ.clear()
    yield
    for name, number in READ.items():
        record_property(name, number)


COLUMNS = "select column_name from duckdb_columns() where table_name = 'export_personalize__{}_{}'"


def strict(schema):
    """The schema with no key allowed beside those it names."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    held = {key: strict(value) for key, value in schema.items()}
    # custom fields and properties are the user's own
    if set(schema.get("properties", {})) - {"w1"} and "additionalProperties" not in schema:
        held["additionalProperties"] = False
    return held


def specified(vendor, path):
    schemas = json.loads((FIXTURES / f"{vendor}.json").read_text())["schemas"]
    return jsonschema.Draft202012Validator(strict(schemas[path]))


def requests(demo, export, payload="payload", operation="upsert"):
    """The payloads by request, as the batch numbers cut them."""
    found = defaultdict(list)
    for updated_at, number, body in demo.rows(
        f"select updated_at, batch_number, {payload} from export_personalize__{export}"
        f" where operation = '{operation}' order by all"
    ):
        found[updated_at, number].append(json.loads(body))
    assert found
    READ.update(requests=len(found), records=sum(map(len, found.values())))
    return list(found.values())


def whole_rows(demo, export):
    return requests(demo, export, f"to_json(export_personalize__{export})")


def test_klaviyo_imports_the_profiles(demo):
    validator = specified("klaviyo", "/api/profile-bulk-import-jobs")
    for profiles in requests(demo, "klaviyo_profiles"):
        attributes = {"profiles": {"data": profiles}}
        body = {"data": {"type": "profile-bulk-import-job", "attributes": attributes}}
        validator.validate(body)
        assert len(json.dumps(body).encode()) < 5_000_000 and len(profiles) <= 10_000


def test_klaviyo_takes_the_items(demo):
    validator = specified("klaviyo", "/api/catalog-item-bulk-create-jobs")
    for items in requests(demo, "klaviyo_items"):
        attributes = {"items": {"data": items}}
        validator.validate(
            {"data": {"type": "catalog-item-bulk-create-job", "attributes": attributes}}
        )
        assert len(items) <= 100
    keys = demo.rows("select id, payload from export_personalize__klaviyo_items")
    for key, payload in keys:
        attributes = json.loads(payload)["attributes"]
        names = ("integration_type", "catalog_type", "external_id")
        assert key == ":::".join(attributes[name] for name in names)


def test_klaviyo_clears_with_null_what_the_import_cannot(demo):
    validator = specified("klaviyo", "/api/profile-import")
    (profiles, *_) = requests(demo, "klaviyo_profiles")
    cleared = profiles[0]["attributes"]["properties"].keys()
    body = {
        "type": "profile",
        "attributes": {"external_id": "x", "properties": dict.fromkeys(cleared)},
    }
    validator.validate({"data": body})
    (sql,) = [
        node["raw_code"]
        for node in demo.nodes("model")
        if node["name"] == "export_personalize__klaviyo_clears"
    ]
    assert set(cleared) == set(re.findall(r'"(\w+)": "null"', sql))


def test_sendgrid_takes_the_personalizations(demo):
    validator = specified("sendgrid", "/v3/mail/send")
    for personalizations in requests(demo, "sendgrid_mail"):
        validator.validate(
            {
                "personalizations": personalizations,
                "from": {"email": "news@shop.example"},
                "template_id": "d-0123456789abcdef",
            }
        )


def test_sendgrid_waits_for_who_is_asleep(demo):
    """The hour is in the payload of those who are in their quiet hours, and in no content_hash."""
    model = "models/exports/sendgrid/int_personalize__sendgrid_mail_rows.sql"
    sql = (demo.folder / "compiled" / "personalize" / model).read_text()
    letter = "'x' as external_id, 'x@mail.example' as email, 'r' as rule_id, '{\"a\":1}' as letter"
    with duckdb.connect() as connection:
        connection.execute(f"attach ':memory:' as {demo.database.stem}")
        connection.execute(
            f"create table {demo.database.stem}.main.int_personalize__letters as"
            f" select {letter}, timestamp '2026-05-01 07:00:00' as send_not_before"
            f" union all select {letter}, null"
        )
        rows = connection.execute(
            f"select payload, content_hash from ({sql}) order by length(payload)"
        ).fetchall()
    (now, one), (later, other) = [(json.loads(payload), key) for payload, key in rows]
    assert one == other
    # date -u -d 2026-05-01T07:00Z +%s
    assert later.pop("send_at") == 1777618800
    assert later == now
    body = {"personalizations": [{**later, "send_at": 1777618800}], "template_id": "d-1"}
    specified("sendgrid", "/v3/mail/send").validate({**body, "from": {"email": "n@shop.example"}})


def test_sendgrid_takes_the_contacts(demo):
    validator = specified("sendgrid", "/v3/marketing/contacts")
    rows = demo.rows("select to_json(t) from export_personalize__sendgrid_contacts as t")
    contacts = []
    for (row,) in rows:
        row = json.loads(row)
        fields = {key: value for key, value in row.items() if key.startswith("personalize_")}
        # Custom fields are Text, and their names begin with a letter.
        assert all(isinstance(value, str) for value in fields.values())
        assert all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in fields) and len(fields) <= 500
        identity = {key: row[key] for key in ("email", "external_id")}
        contacts.append({**identity, "custom_fields": fields})
        assert row["email"] == row["email"].lower()
    validator.validate({"contacts": contacts})


def test_ses_takes_the_entries(demo):
    description = botocore.loaders.Loader().load_service_model("sesv2", "service-2")
    shape = botocore.model.ServiceModel(description).operation_model("SendBulkEmail").input_shape
    validator = botocore.validate.ParamValidator()
    keys = set()
    for entries in requests(demo, "ses_entries"):
        body = {
            "FromEmailAddress": "news@shop.example",
            "DefaultContent": {"Template": {"TemplateName": "personalize", "TemplateData": "{}"}},
            "BulkEmailEntries": entries,
        }
        report = validator.validate(body, shape)
        assert not report.has_errors(), report.generate_report()
        assert len(entries) <= 50
        for entry in entries:
            data = entry["ReplacementEmailContent"]["ReplacementTemplate"]
            data = data["ReplacementTemplateData"]
            assert len(data) <= 262_144
            keys.add(shape_of(json.loads(data)))
            for tag in entry["ReplacementTags"]:
                assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", tag["Value"])
    # A variable that is missing is a mail that is not delivered: everybody has the same keys.
    assert len(keys) == 1
    unknown = {**body, "Subject": "x"}
    assert validator.validate(unknown, shape).has_errors()


def shape_of(value):
    if isinstance(value, dict):
        return tuple((key, shape_of(value[key])) for key in sorted(value))
    if isinstance(value, list):
        return ("list", *map(shape_of, value))
    return type(value).__name__


def test_iterable_takes_the_users(demo):
    for users in requests(demo, "iterable_users"):
        assert len(users) <= 1000 and len(json.dumps({"users": users}).encode()) < 4_000_000
        for user in users:
            assert set(user) == {
                *("email", "userId", "preferUserId", "mergeNestedObjects", "dataFields")
            }
            assert user["mergeNestedObjects"] is False
    items = demo.rows("select item_id, payload from export_personalize__iterable_catalog")
    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,255}", item) for item, _ in items)
    prices = [json.loads(payload)["price"] for _, payload in items]
    assert all(price is None or isinstance(price, float | int) for price in prices)


def test_hubspot_takes_the_contacts(demo):
    for contacts in whole_rows(demo, "hubspot_contacts"):
        assert len(contacts) <= 100
        for contact in contacts:
            properties = json.loads(contact["properties"])
            assert contact["id_property"] == "email" and "@" in contact["id"]
            assert all(isinstance(value, str) for value in properties.values())
            assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in properties)


def test_mailchimp_takes_the_members(demo):
    for members in whole_rows(demo, "mailchimp_members"):
        assert len(members) <= 500
        for member in members:
            address = member["email_address"]
            assert member["subscriber_hash"] == hashlib.md5(address.lower().encode()).hexdigest()
            # A status would subscribe again whoever has left.
            assert "status" not in member
            ours = set(member) - {
                *("subscriber_hash", "email_address", "external_id", "language"),
                *("operation", "batch_number", "content_hash", "updated_at"),
            }
            assert len(ours) <= 30 and all(len(tag) <= 10 for tag in ours)


def test_postmark_takes_the_messages(demo):
    for messages in requests(demo, "postmark_messages"):
        assert len(messages) <= 500
        for message in messages:
            assert set(message) == {
                *("From", "To", "TemplateAlias", "TemplateModel", "MessageStream", "Tag"),
                "Metadata",
            }


def test_braze_takes_the_users(demo):
    users = demo.rows("select external_id, payload from export_personalize__braze_users")
    for key, payload in users:
        attributes = json.loads(payload)
        assert key and not {"external_id", "braze_id", "EXTERNAL_ID"} & set(attributes)
        assert len(attributes) <= 250 and len(payload.encode()) <= 1_048_576
        for name, value in attributes.items():
            assert not re.search(r"[ .$]", name) and len(name) <= 255
            for text in value if isinstance(value, list) else [value]:
                assert text is None or (isinstance(text, str) and len(text) <= 255)


def test_every_request_is_within_the_limits(demo):
    """Batch numbers: no request has more rows or bytes than the reference table allows."""
    checked = 0
    for (esp, name, limit), most in LIMITS.items():
        if limit not in ("batch_rows", "request_bytes"):
            continue
        columns = {column for (column,) in demo.rows(COLUMNS.format(esp, name))}
        content = columns & {"payload", "properties", "attribs"}
        record = f"strlen({content.pop()})" if content else "strlen(to_json(t))"
        measured = "count(*)" if limit == "batch_rows" else f"sum({record})"
        ((largest,),) = demo.rows(
            f"select max(n) from (select {measured} as n from export_personalize__{esp}_{name} as t"
            " group by updated_at, operation, batch_number)"
        )
        assert largest <= most, (esp, name)
        checked += 1
    assert checked > 10


def test_the_forecast_counts_what_the_feeds_hold(demo):
    forecast = demo.rows(
        "select esp, object, rows_to_sync, api_calls from personalize__sync_forecast"
    )
    assert len(forecast) == 19
    for esp, name, rows, calls in forecast:
        export = f"export_personalize__{esp}_{name}"
        assert demo.rows(f"select count(*) from {export}") == [(rows,)]
        if calls is not None:
            batches = f"select count(distinct (operation, batch_number)) from {export}"
            assert demo.rows(batches) == [(calls,)]


def test_every_export_is_public_contracted_versioned_and_has_an_exposure(demo):
    manifest = json.loads((demo.folder / "manifest.json").read_text())
    used = {
        node for exposure in manifest["exposures"].values()
        for node in exposure["depends_on"]["nodes"]
    }  # fmt: skip
    exports = [n for n in demo.nodes("model") if n["name"].startswith("export_personalize__")]
    assert len(exports) == 21
    for node in exports:
        assert node["access"] == "public" and node["version"] == 1, node["name"]
        assert node["config"]["contract"]["enforced"] and node["unique_id"] in used, node["name"]


def test_the_page_that_shows_them_hides_people(demo, monkeypatch):
    outcomes = {"test_it": (False, {}), "test_more": (True, {"records": "1200", "requests": "3"})}
    monkeypatch.setattr(show_exports, "checked", lambda database, files: outcomes)
    text = show_exports.page({"The demo shop": demo.database})
    assert "| it | **fails** |" in text and "| more | 1,200 in 3 |" in text
    for (feed,) in demo.rows("select esp || '_' || object from personalize__sync_forecast"):
        assert f"| `{feed}` |" in text
    assert text.count("```json") >= 15
    for (address,) in demo.rows("select email from personalize__audience"):
        assert address not in text


@pytest.mark.parametrize("vendor", ["klaviyo", "sendgrid"])
def test_the_check_can_fail(vendor):
    path = {"klaviyo": "/api/profile-import", "sendgrid": "/v3/mail/send"}[vendor]
    assert not specified(vendor, path).is_valid({"data": {"type": "person"}})
    assert not specified(vendor, path).is_valid({})
