"""What leaves the warehouse, received by software that is not ours.

An e-mail platform played by an HTTP server on loopback (authentication, rate limit, requests that
fail in part or get lost, size limits) and filled by dlt through crashes and retries; Amazon SES by
moto's server and boto3; delivered mail by aiosmtpd.
"""

import email
import email.policy
import json
import random
import re
import socket
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import boto3
import dlt
import duckdb
import message
import pytest
import requests
import warehouse
from aiosmtpd.controller import Controller
from moto.server import ThreadedMotoServer

KEY = "a key of the test"
BATCH = 40
BYTES = 150_000


@dataclass
class Platform:
    """An e-mail platform: people by id, and a mood that the test sets by its seed."""

    dice: random.Random
    people: dict = field(default_factory=dict)
    ever: set = field(default_factory=set)
    answers: list = field(default_factory=list)
    log: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, key, body):
        """(status, answer); some requests are refused or taken in part, some answers lost."""
        if key != f"Bearer {KEY}":
            return 401, {"error": "who are you?"}
        if len(body) > BYTES:
            return 413, {"error": "too much"}
        records = json.loads(body)["records"]
        if len(records) > BATCH:
            return 400, {"error": "too many"}
        mood = self.dice.random()
        if mood < 0.25:
            return 429, {"error": "slow down"}
        failed = [record["id"] for record in records if mood < 0.45 and self.dice.random() < 0.3]
        for record in records:
            if record["id"] in failed:
                continue
            if record["operation"] == "upsert":
                self.people[record["id"]] = record["content"]
                self.ever.add(record["id"])
            elif record["operation"] == "clear":
                self.people[record["id"]] = None
            else:
                self.people.pop(record["id"], None)
        return (500 if mood > 0.85 else 207 if failed else 200), {"failed": failed}


@pytest.fixture
def platform():
    played = Platform(random.Random(20260501))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with played.lock:
                status, answer = played.answer(self.headers["Authorization"], body)
                played.answers.append(status)
                failed = len(answer.get("failed", []))
                told = {207: f"taken but for {failed}", 429: "refused: slow down"}
                told |= {200: "taken", 500: "taken, but the answer is lost"}
                played.log.append(f"{len(body):7,} bytes  {status} {told.get(status, '')}")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    played.url = f"http://127.0.0.1:{server.server_port}"
    yield played
    server.shutdown()
    server.server_close()


class Crash(Exception):
    """The sync dies."""


def sync(database, platform, folder, dice):
    """One run of dlt: the rows later than the last one loaded, to the platform, in batches."""

    since = dlt.sources.incremental("updated_at", initial_value="0001-01-01 00:00:00")

    @dlt.resource(name="people", primary_key="id")
    def feed(after=since):
        with duckdb.connect(str(database), read_only=True) as connection:
            yield [
                {"id": key, "operation": what, "content": text, "updated_at": at}
                for key, what, text, at in connection.execute(
                    "select external_id, operation, letter, cast(updated_at as varchar)"
                    " from export_personalize__generic_nested"
                    " where cast(updated_at as varchar) >= ? order by updated_at, external_id",
                    [after.last_value],
                ).fetchall()
            ]

    @dlt.destination(batch_size=BATCH, name="platform", naming_convention="direct")
    def deliver(items, table):
        if table["name"].startswith("_dlt"):
            return
        waiting = {item["id"]: item for item in items}
        while waiting:
            if dice.random() < 0.3:
                platform.log.append("a delivery dies")
                raise Crash("killed")
            body = {"records": [
                {name: item.get(name) for name in ("id", "operation", "content")}
                for item in waiting.values()
            ]}  # fmt: skip
            answer = requests.post(
                platform.url, json=body, headers={"Authorization": f"Bearer {KEY}"}, timeout=10
            )
            if answer.status_code in (200, 207):
                failed = answer.json()["failed"]
                waiting = {key: waiting[key] for key in failed}
            elif answer.status_code not in (429, 500):
                raise AssertionError(answer.text)

    pipeline = dlt.pipeline("sync", destination=deliver, pipelines_dir=str(folder))
    pipeline.run(feed(), loader_file_format="typed-jsonl")


def synced(database, platform, folder, dice):
    """Syncs until it has gone through; gives how often it died."""
    for crashes in range(50):
        platform.log.append("the sync begins")
        try:
            sync(database, platform, folder, dice)
            return crashes
        except Exception as error:
            if "killed" not in str(error):
                raise
    raise AssertionError("never went through")


def mart(database):
    """What the platform has to hold: (people with content, ids whose content was taken back)."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select external_id, operation, letter from export_personalize__generic_nested"
        ).fetchall()
    return {key: text for key, operation, text in rows if operation != "delete"}


def leave(database):
    """The next run, as the feed tells it: some leave, one is erased, some get other content."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("""
            create temp table ranked as
                select external_id, row_number() over (order by external_id) as n
                from export_personalize__generic_nested;
            update export_personalize__generic_nested as feed set
                operation = case
                    when n = 1 then 'delete' when n < 20 then 'clear' else operation
                end,
                email = case when n < 20 then null else email end,
                letter = case when n < 20 then null else replace(letter, 'rule_id', 'rule') end,
                updated_at = timestamp '2026-05-02 06:00:00'
            from ranked where ranked.external_id = feed.external_id and n < 60
        """)


def test_a_sync_through_crashes_ends_with_what_the_mart_holds(
    demo, platform, tmp_path, record_property
):
    database = tmp_path / "shop.duckdb"
    database.write_bytes(demo.database.read_bytes())
    dice = random.Random(7)
    crashes = synced(database, platform, tmp_path / "dlt", dice)
    assert platform.people == mart(database)
    leave(database)
    crashes += synced(database, platform, tmp_path / "dlt", dice)
    assert platform.people == mart(database)
    assert sum(text is None for text in platform.people.values()) == 18
    told = defaultdict(int)
    for answer in platform.answers:
        told[answer] += 1
    played = f"{len(platform.people)} people; answers {dict(told)}; {crashes} syncs died"
    record_property("log", "\n".join([*platform.log, played]))
    assert crashes and told[429] and told[207] and told[500]
    suppressed = demo.rows(
        "select profiles.profile_id from personalize__profiles as profiles"
        " inner join personalize__exclusions as exclusions using (profile_id)"
    )
    assert len(suppressed) > 50
    assert not platform.ever & {profile for (profile,) in suppressed}
    quiet = len(platform.answers)
    sync(database, platform, tmp_path / "dlt", random.Random(3))
    assert len(platform.answers) == quiet, "an unchanged feed was sent again"


def test_the_platform_refuses_what_it_should(platform):
    refused = requests.post(platform.url, data=b"{}", timeout=10)
    assert refused.status_code == 401
    key = {"Authorization": f"Bearer {KEY}"}
    assert requests.post(platform.url, data=b"x" * (BYTES + 1), headers=key).status_code == 413
    records = {"records": [{"id": str(n)} for n in range(BATCH + 1)]}
    assert requests.post(platform.url, json=records, headers=key).status_code == 400


def test_ses_delivers_the_entries(demo, monkeypatch):
    """moto's SES takes the template and the entries, fifty a call, and counts them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        ses = boto3.client("ses", region_name="eu-west-1", endpoint_url=f"http://{host}:{port}")
        ses.verify_email_identity(EmailAddress="news@shop.example")
        ses.create_template(
            Template={
                "TemplateName": "personalize",
                "SubjectPart": "{{subject}}",
                "TextPart": "{{preheader}}",
                "HtmlPart": "<h1>{{subject}}</h1>",
            }
        )
        calls = defaultdict(list)
        for updated_at, number, payload in demo.rows(
            "select updated_at, batch_number, payload from export_personalize__ses_entries"
            " where operation = 'upsert' order by all"
        ):
            calls[updated_at, number].append(json.loads(payload))
        for entries in calls.values():
            destinations = [
                {
                    "Destination": entry["Destination"],
                    "ReplacementTemplateData": entry["ReplacementEmailContent"][
                        "ReplacementTemplate"
                    ]["ReplacementTemplateData"],
                }
                for entry in entries
            ]
            answer = ses.send_bulk_templated_email(
                Source="news@shop.example",
                Template="personalize",
                DefaultTemplateData="{}",
                Destinations=destinations,
            )
            assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        sent = float(ses.get_send_quota()["SentLast24Hours"])
    finally:
        server.stop()
    assert (
        sent
        == sum(map(len, calls.values()))
        == len(demo.rows("select external_id from personalize__audience"))
    )


class Mailbox:
    """Keeps what is delivered."""

    def __init__(self):
        self.delivered = []

    async def handle_DATA(self, server, session, envelope):
        self.delivered.append(envelope)
        return "250 taken"


def test_delivered_mail_can_be_left_with_one_click(demo, capsys):
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    people = [row[0] for row in demo.rows("select external_id from personalize__audience limit 5")]
    try:
        for person in people:
            options = ["--db", str(demo.database), "--person", person, "--to", "me@mail.example"]
            assert message.main([*options, "--smtp", f"127.0.0.1:{port}"]) == 0
    finally:
        controller.stop()
    assert len(mailbox.delivered) == len(people)
    for envelope in mailbox.delivered:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        # RFC 8058, section 3: one https address between angle brackets, and exactly this word.
        address = re.fullmatch(r"<(https://[^<>\s]+)>", mail["List-Unsubscribe"])[1]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Subject"] and mail["From"] == "news@shop.example"
        parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
        assert list(parts) == ["text/plain", "text/html"]
        links = re.findall(r'(?:href|src)="([^"]*)"', parts["text/html"])
        assert len(links) > 10
        for link in [*links, *re.findall(r"https?:\S+", parts["text/plain"])]:
            assert urlsplit(link).scheme == "https" and urlsplit(link).netloc, link
        assert address in parts["text/plain"] and address.replace("&", "&amp;") in links
        assert "{{" not in parts["text/html"] + parts["text/plain"]
        assert len(envelope.content) < 102 * 1024


def test_a_message_for_nobody_is_refused(demo, capsys):
    with warehouse.connect(demo.database):
        pass
    arguments = ["--db", str(demo.database), "--person", "nobody", "--to", "me@mail.example"]
    assert message.main(arguments) == 2
    assert capsys.readouterr().err == "personalize: Nobody in the audience is known as nobody.\n"
