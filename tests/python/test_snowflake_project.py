"""How the project is configured for Snowflake: what lasts, what is tagged and granted, the key."""

import os

import jinja2
import pytest
import sqlglot
import yaml
from common import ROOT
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dbt_process import dbt
from test_snowflake_compile import OFFLINE


def test_what_lasts_is_permanent_and_the_rest_is_transient(demo):
    lasting = {
        node["name"]
        for node in demo.nodes("model")
        if node["config"]["materialized"] == "incremental"
    }
    permanent = {
        node["name"] for node in demo.nodes("model") if node["config"].get("transient") is False
    }
    assert len(lasting) > 10
    assert lasting <= permanent
    folders = {
        node["fqn"][1] for node in demo.nodes("model") if node["name"] in permanent - lasting
    }
    assert folders == {"exports"}


def test_large_event_tables_are_clustered_by_day(demo):
    clustered = {
        node["name"]: node["config"]["cluster_by"]
        for node in demo.nodes("model")
        if node["config"].get("cluster_by")
    }
    inputs = ("web_events", "email_events")
    steps = ("checked", "resolved")
    assert set(clustered) == {
        f"int_personalize__{step}_{name}" for step in steps for name in inputs
    }
    assert {str(keys) for keys in clustered.values()} == {"['cast(occurred_at as date)']"}


NODE = """{%- set columns = {
    "profile_id": {"meta": {}, "config": {"meta": {"privacy": "quasi"}}},
    "email": {"meta": {}, "config": {"meta": {"privacy": "pii"}}},
    "rank": {"meta": {}, "config": {}},
} -%}
"""
GOVERNED = """{{ personalize.governed(
    "analytics.personalize." ~ NAME,
    {"name": NAME, "config": {"materialized": KIND}, "columns": columns},
) }}"""
GOVERNANCE = "{tag: analytics.personalize.privacy, public: [analyst], exports: [esp_reader]}"


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    return tmp_path_factory.mktemp("governed")


def governed(target, name, kind, warehouse="snowflake", variables=None):
    """The statements that follow the build of such a model."""
    inline = NODE + GOVERNED.replace("NAME", f'"{name}"').replace("KIND", f'"{kind}"')
    told = dbt(
        *("compile", "--quiet", "--target", warehouse, "--no-introspect", "--no-populate-cache"),
        *("--vars", variables or "{personalize_governance: " + GOVERNANCE + "}"),
        *("--inline", inline),
        target=target,
        database=target / "none.duckdb",
        **OFFLINE,
    ).stdout
    return [line.strip() for line in told.splitlines() if line.strip().endswith(";")]


def test_columns_are_tagged_and_then_granted(target):
    assert governed(target, "personalize__profiles", "table") == [
        "alter table analytics.personalize.personalize__profiles modify"
        " column profile_id set tag analytics.personalize.privacy = 'quasi',"
        " column email set tag analytics.personalize.privacy = 'pii';",
        "grant select on table analytics.personalize.personalize__profiles to role analyst;",
    ]
    (tag, grant) = governed(target, "export_personalize__x_users", "view")
    assert tag.startswith("alter view") and grant.endswith("to role esp_reader;")
    assert grant.startswith("grant select on view")
    (tag,) = governed(target, "int_personalize__golden_fields", "incremental")
    assert tag.startswith("alter table")
    for statement in (tag, grant):
        sqlglot.parse_one(statement.rstrip(";"), read="snowflake")


def test_nothing_is_said_unless_asked_for_nor_elsewhere(target):
    assert governed(target, "personalize__profiles", "table", variables="{}") == []
    assert governed(target, "personalize__profiles", "table", warehouse="duckdb") == []


def rendered_profile(environment):
    """The checkout's profile for Snowflake, as dbt renders it."""

    def env_var(name, default=None):
        value = environment.get(name, default)
        assert value is not None, name
        return value

    jinja = jinja2.Environment()
    jinja.filters["as_number"] = int
    template = jinja.from_string((ROOT / "profiles.yml").read_text())
    settings = yaml.safe_load(template.render(env_var=env_var))
    return settings["personalize_demo"]["outputs"]["snowflake"]


def credentials(environment):
    from dbt.adapters.snowflake.connections import SnowflakeCredentials

    profile = rendered_profile(environment)
    settings = {name: value for name, value in profile.items() if name not in ("type", "threads")}
    return SnowflakeCredentials.from_dict(settings)


def test_a_key_pair_signs_in_and_no_password_goes_along(tmp_path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "key.p8"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"passphrase"),
        )
    )
    environment = {
        "SNOWFLAKE_PRIVATE_KEY_PATH": str(path),
        "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": "passphrase",
        "SNOWFLAKE_PASSWORD": "left over",
    }
    signed = credentials(environment)
    assert not signed.password
    assert signed.auth_args()["private_key"] == key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    assert signed.query_tag == "personalize"


def test_no_secret_is_in_a_file():
    assert "SNOWFLAKE_PASSWORD" not in os.environ
    assert rendered_profile({})["password"] == "offline"
    assert rendered_profile({"SNOWFLAKE_PASSWORD": "x"})["password"] == "x"
