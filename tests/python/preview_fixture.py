"""A small database with the public tables as a build leaves them, and one person of every kind."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

AS_OF = datetime(2026, 5, 1, 6)
SHOP_URL = "https://shop.example"

COLUMNS = {
    "int_personalize__settings": "name varchar, value varchar",
    "personalize__profiles": (
        "profile_id varchar, email varchar, phone varchar, first_name varchar, last_name varchar,"
        " birth_date date, city varchar, country varchar, language varchar, loyalty_tier varchar,"
        " order_count bigint, monetary_value decimal(18, 2), last_ordered_at timestamp,"
        " engagement_score double"
    ),
    "personalize__triggers": (
        "profile_id varchar, rule_id varchar, triggered_at timestamp, priority bigint,"
        " outcome varchar, suppressed_by varchar, product_id varchar"
    ),
    "personalize__recommendations": (
        "profile_id varchar, rank bigint, product_id varchar, score double, confidence double,"
        " strategy varchar, reason_code varchar, evidence_product_id varchar,"
        " model_version varchar, fallback_depth bigint"
    ),
    "personalize__predictions": (
        "profile_id varchar, prediction varchar, score double, percentile double,"
        " confidence double, model_version varchar, scored_at timestamp"
    ),
    "personalize__segments": "profile_id varchar, segment_id varchar, entered_at timestamp",
    "personalize__consent": (
        "profile_id varchar, channel varchar, purpose varchar, is_allowed boolean, status varchar,"
        " lawful_basis varchar, decided_at timestamp, evidence_event_id varchar,"
        " valid_from timestamp, valid_to timestamp, known_from timestamp, known_to timestamp"
    ),
    "personalize__experiment_assignments": (
        "profile_id varchar, experiment_id varchar, variation_id varchar, assigned_at timestamp,"
        " propensity double, holdout boolean"
    ),
    "personalize__content_blocks": (
        "profile_id varchar, slot varchar, position bigint, block_id varchar, product_id varchar,"
        " title varchar, subject varchar, headline varchar, body varchar, call_to_action varchar,"
        " url varchar, image_url varchar, image_alt varchar, image_width bigint,"
        " image_height bigint, price decimal(18, 2),"
        " price_text varchar, reason_code varchar, reason_text varchar, locale varchar,"
        " rule_id varchar, model_version varchar, experiment_id varchar, variant_id varchar,"
        " fallback_depth bigint, valid_from timestamp, valid_until timestamp, content_hash varchar"
    ),
    "personalize__audience": (
        "profile_id varchar, external_id varchar, email varchar, payload varchar,"
        " content_hash varchar, updated_at timestamp, valid_until timestamp"
    ),
    "personalize__exclusions": "profile_id varchar, reason varchar",
    "personalize__rejected_rows": (
        'source_table varchar, source_record_id varchar, reason varchar, "row" varchar'
    ),
    "personalize__model_performance": (
        "model varchar, metric varchar, population varchar, value double, baseline_value double,"
        " evaluated_from timestamp, evaluated_to timestamp, observations bigint,"
        " model_version varchar, is_promoted boolean"
    ),
    "int_personalize__current_products": "product_id varchar, title varchar, category varchar",
    "int_personalize__releases": "as_of timestamp, is_released boolean",
    "export_personalize__braze_users": "external_id varchar, payload varchar, updated_at timestamp",
}

# product_id: title, category, price. Titles hold what breaks careless HTML.
PRODUCTS = {
    "P01": ('Espresso cups "Nonna" <set of 4>', "Kitchen", "24.90"),
    "P02": ("Salt & pepper mill", "Kitchen", "32.00"),
    "P03": ("Linen apron 'Atelier'", "Textiles", "39.50"),
    "P04": ("إبريق شاي نحاسي", "Kitchen", "58.00"),
    "P05": ("Olive oil 🫒 extra virgin, 750 ml", "Pantry", "17.90"),
    "P06": ("House blend coffee, 1 kg", "Pantry", "21.00"),
    "P07": ("</td><script>alert(1)</script>", "Pantry", "9.90"),
    "P08": (
        "Washed cotton bedspread in oat, 220 × 240 cm, with hand-stitched border",
        "Textiles",
        "129.00",
    ),
    "P09": ("Beeswax candle", "Home", "12.00"),
    "P10": ("{{ 7 * 7 }} enamel pan", "Kitchen", "46.00"),
}

# key: first name, last name, orders, spent, rule that won, rules that lost, strategy, flags
PEOPLE: dict[str, tuple[str | None, str | None, int, float, str | None, tuple[str, ...], str, str]]
PEOPLE = {
    "cart": (
        "Amara",
        "Okafor",
        3,
        142.3,
        "cart_abandonment",
        ("browse_abandonment",),
        "discovery",
        "",
    ),
    "browse": ("Bram", "Visser", 1, 24.9, "browse_abandonment", (), "discovery", ""),
    "birthday": ("Chiara", "O'Neill", 6, 410.0, "birthday", ("win_back",), "discovery", ""),
    "lapsed": ("Dmitri", "Sokolov", 2, 61.8, "win_back", (), "trending", ""),
    "coffee": ("Elif", "Yıldız", 9, 221.0, None, (), "replenishment", ""),
    "loyal": ("Farid", "Haddad", 31, 2870.4, None, (), "discovery", ""),
    "newcomer": (None, None, 0, 0.0, None, (), "popular", ""),
    "private": ("Greta", "Lindqvist", 33, 3190.0, None, (), "popular", "no_personalization"),
    "holdout": ("Hana", "Kobayashi", 5, 301.2, "cart_abandonment", (), "discovery", "held_out"),
    "erased": (None, None, 0, 0.0, None, (), "", "erased"),
    "restricted": ("Ivo", "Novak", 2, 80.0, None, (), "", "restricted"),
    "bounced": ("Jamila", "Diallo", 1, 17.9, None, (), "", "suppressed"),
    "silent": ("Kasper", "Møller", 2, 55.5, "win_back", (), "", "no_consent"),
    "phoneonly": ("Lucía", "Fernández", 1, 39.5, None, (), "", "no_email"),
    "family": ("Mika", "Virtanen", 3, 92.0, None, (), "", "shared_mailbox"),
    "busy": ("Noor", "Rahman", 7, 333.0, "browse_abandonment", (), "discovery", "capped"),
}
REASONS = ("erased", "restricted", "suppressed", "no_consent", "no_email", "shared_mailbox",
           "held_out", "capped")  # fmt: skip


def address(key: str) -> str | None:
    """The made-up address of a person, or none."""
    return None if key in ("erased", "phoneonly") else f"{key}.person@example.org"


def build(path: Path, extra_people: int = 0) -> Path:
    """Writes the database; `extra_people` adds that many whom nobody has consented for."""
    path.unlink(missing_ok=True)
    rows = _rows(extra_people)
    with duckdb.connect(str(path)) as connection:
        for table, columns in COLUMNS.items():
            connection.execute(f"create table {table} ({columns})")
            if rows.get(table):
                marks = ", ".join("?" * len(rows[table][0]))
                connection.executemany(f"insert into {table} values ({marks})", rows[table])
    return path


def _rows(extra_people: int) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
    rows["int_personalize__settings"] = [
        ("as_of", str(AS_OF)), ("shop_name", "Casa & Co"), ("shop_url", SHOP_URL),
        ("default_locale", "en"),
    ]  # fmt: skip
    rows["int_personalize__releases"] = [(AS_OF, True)]
    rows["int_personalize__current_products"] = [
        (key, title, category) for key, (title, category, _) in PRODUCTS.items()
    ]
    for number, (key, person) in enumerate(PEOPLE.items()):
        for table, row in _person_rows(number, key, *person):
            rows[table].append(row)
    for number in range(extra_people):
        rows["personalize__profiles"].append((f"x{number:05}", *(None,) * 13))
        rows["personalize__exclusions"].append((f"x{number:05}", "no_consent"))
    rows["personalize__rejected_rows"] = [
        ("customers", "crm-17", "e-mail that no mailbox can have", "{}"),
        ("orders", "o-9", "impossible time", "{}"),
        ("orders", "o-10", "impossible time", "{}"),
    ]
    window = (AS_OF - timedelta(days=28), AS_OF)
    rows["personalize__model_performance"] = [
        ("purchase", "roc_auc", "all", 0.81, 0.74, *window, 180, "purchase-1", True),
        ("purchase", "lift_at_10_percent", "all", 3.1, 2.4, *window, 180, "purchase-1", True),
        ("churn", "roc_auc", "all", 0.66, 0.69, *window, 180, "churn-1", False),
        ("recommendations", "ndcg_at_12", "all", 0.121, 0.083, *window, 95, "similar-1", True),
    ]
    rows["export_personalize__braze_users"] = [
        (row[1], json.dumps({"email": row[2], "personalize_subject": "News"}), AS_OF)
        for row in rows["personalize__audience"]
    ]
    return rows


def _person_rows(
    number: int,
    key: str,
    first: str | None,
    last: str | None,
    orders: int,
    spent: float,
    won: str | None,
    lost: tuple[str, ...],
    strategy: str,
    flag: str,
) -> Iterable[tuple[str, tuple[Any, ...]]]:
    profile = f"p-{key}"
    reason = flag if flag in REASONS else None
    last_order = AS_OF - timedelta(days=10 * (number + 1)) if orders else None
    yield "personalize__profiles", (
        profile, address(key), "+49 30 5550" + f"{number:03}", first, last, None, "Utrecht", "NL",
        "en", "gold" if orders > 20 else None, orders, spent, last_order, 0.4,
    )  # fmt: skip
    for purpose in ("marketing", "personalization"):
        allowed = flag != f"no_{purpose}" and flag not in ("no_consent", "erased")
        yield "personalize__consent", (
            profile, "email", purpose, allowed, "granted" if allowed else "withdrawn", "consent",
            AS_OF - timedelta(days=60), f"c-{number}-{purpose}", AS_OF - timedelta(days=60),
            datetime(9999, 12, 31), AS_OF - timedelta(days=60), datetime(9999, 12, 31),
        )  # fmt: skip
    for priority, rule in enumerate((won, *lost), start=1):
        if rule:
            outcome = ("won", None) if rule == won else ("suppressed", won)
            row = (profile, rule, AS_OF - timedelta(hours=30), priority * 10, *outcome, None)
            yield "personalize__triggers", row
    if strategy:
        yield from _content(number, key, profile, first, won, strategy, flag)
        yield "personalize__experiment_assignments", (
            profile, "global_holdout", "holdout" if flag == "held_out" else "mailed", AS_OF,
            0.05 if flag == "held_out" else 0.95, flag == "held_out",
        )  # fmt: skip
    if orders:
        for prediction, score in (("purchase", 0.02 * orders), ("churn", 1 - 0.03 * orders)):
            yield "personalize__predictions", (
                profile, prediction, score, min(0.99, score), 0.7, f"{prediction}-1", AS_OF,
            )  # fmt: skip
        yield "personalize__segments", (profile, "customers", AS_OF - timedelta(days=40))
    if reason:
        yield "personalize__exclusions", (profile, reason)
    else:
        payload = json.dumps({"first_name": first, "profile_id": profile}, sort_keys=True)
        yield "personalize__audience", (
            profile, profile, address(key), payload, f"h{number}", AS_OF,
            AS_OF + timedelta(hours=48),
        )  # fmt: skip


def _content(
    number: int,
    key: str,
    profile: str,
    first: str | None,
    won: str | None,
    strategy: str,
    flag: str,
) -> Iterable[tuple[str, tuple[Any, ...]]]:
    texts = {
        "discovery": ("bought_together", "Because you bought Salt & pepper mill"),
        "replenishment": ("replenishment", "You may be running low"),
        "trending": ("trending", "Many people like this right now"),
        "popular": ("popular", "A favourite in our shop"),
    }
    code, text = texts[strategy]
    depth = 0 if strategy in ("discovery", "replenishment") else 3
    offset = {"cart": 0, "browse": 3, "birthday": 7, "coffee": 5}.get(key, number)
    keys = [list(PRODUCTS)[(offset + i) % len(PRODUCTS)] for i in range(6)]
    for rank, product in enumerate(keys, start=1):
        yield "personalize__recommendations", (
            profile, rank, product, 1 - rank / 10, 0.9 - rank / 20, strategy, code,
            "P02" if strategy == "discovery" else None, f"{strategy}-1", depth,
        )  # fmt: skip
    if flag in REASONS:
        return
    shown = [("hero", 1, keys[0]), *(("showcase", i, keys[i]) for i in range(1, 5))]
    for slot, position, product in shown:
        title, category, price = PRODUCTS[product]
        name = first or "Hello"
        words = (
            (f"{title}, {name}?", f"Something for you, {name}", f"{title} stood out.", "See it")
            if slot == "hero"
            else (None, "You might also like", "", "Take a look")
        )
        yield "personalize__content_blocks", (
            profile, slot, position, f"{slot}_recommended", product, title, *words,
            f"{SHOP_URL}/p/{product}?from=mail&slot={slot}", f"{SHOP_URL}/img/{product}.jpg",
            f"{title} ({category})", *((600, 300) if slot == "hero" else (256, 256)), price,
            f"{price} EUR", code, text, "en", won, f"{strategy}-1", None,
            None, depth, AS_OF, AS_OF + timedelta(hours=48), f"{profile}-{slot}-{position}",
        )  # fmt: skip
    yield "personalize__content_blocks", (
        profile, "footer", 1, "footer", None, "Casa & Co", None, "Casa & Co",
        "You get this e-mail because you asked for it.", "Visit the shop", SHOP_URL, None, None,
        None, None, None, None, None, None, "en", won, None, None, None, 0, AS_OF,
        AS_OF + timedelta(hours=48), f"{profile}-footer",
    )  # fmt: skip
