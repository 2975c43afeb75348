"""What is looked at once more when the exports are built: products, age and size of letters."""

import json
import shutil

import duckdb
import mail
import pytest
import warehouse
from dbt_process import dbt

CONTENT = "int_personalize__slot_candidates+"
PRODUCTS = ["int_personalize__checked_products", "int_personalize__current_products"]
NEWS = "timestamp '2026-05-01 05:59:00'"


class Shop:
    """A copy of the demo shop whose steps can be run again one by one."""

    def __init__(self, demo, folder):
        self.folder, self.database = folder, folder / "shop.duckdb"
        shutil.copy(demo.database, self.database)
        shutil.copy(demo.folder / "partial_parse.msgpack", folder)

    def run(self, *selected):
        dbt("run", "--select", *selected, target=self.folder, database=self.database)

    def rows(self, sql, *parameters):
        with duckdb.connect(str(self.database)) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def letters(self, product=None):
        """{external id: letter} of those that are to be sent, with a product somewhere in them."""
        return {
            key: json.loads(letter)
            for key, letter in self.rows(
                "select external_id, letter from export_personalize__generic_nested"
                " where operation = 'upsert'"
            )
            if product is None or f'"{product}"' in letter
        }


@pytest.fixture(scope="module")
def shop(demo, tmp_path_factory):
    return Shop(demo, tmp_path_factory.mktemp("safety"))


@pytest.fixture(scope="module")
def story(shop):
    """One product sells out and another gets dearer after the letters were made; one is too old."""
    (gone, _), (dearer, _) = shop.rows(
        "select product_id, count(*) as n from int_personalize__letter_blocks"
        " where product_id <> '' group by 1 having n < 60 order by n desc, 1 limit 2"
    )
    before = shop.letters()
    of_gone, of_dearer = shop.letters(gone), shop.letters(dearer)
    late = min(before.keys() - of_gone.keys() - of_dearer.keys())
    for product, change in ((gone, "false as is_available"), (dearer, "'99.99' as price")):
        shop.rows(
            f"insert into demo_products by name select * replace ({NEWS} as updated_at, {change})"
            " from demo_products where product_id = ?"
            " qualify row_number() over (order by updated_at desc) = 1",
            product,
        )
    shop.rows(
        "update int_personalize__audience_candidates set valid_until = timestamp '2026-05-01 05:00'"
        " where external_id = ?",
        late,
    )
    shop.run(*PRODUCTS, "int_personalize__letter_checks+", "path:models/exports")
    exports_only = shop.letters(), shop.rows("select * from personalize__export_rejects")
    shop.run(CONTENT)
    return {
        "gone": gone, "dearer": dearer, "late": late, "before": before, "of_gone": of_gone,
        "of_dearer": of_dearer, "exports_only": exports_only, "after": shop.letters(),
    }  # fmt: skip


def test_a_letter_that_speaks_of_yesterdays_products_is_held_back(story):
    """Only the exports are built: what became stale since does not go out, the rest stays."""
    letters, rejects = story["exports_only"]
    stale = story["of_gone"].keys() | story["of_dearer"].keys()
    assert len(stale) > 20
    assert letters == {
        key: letter for key, letter in story["before"].items() if key not in {*stale, story["late"]}
    }
    nested = {key: limit for esp, name, key, limit, *_ in rejects if name == "nested"}
    assert nested == dict.fromkeys(stale, "stale_products") | {
        story["late"]: "seconds_past_validity"
    }
    # Every feed of people says so, each in its own rows.
    assert len({(esp, name) for esp, name, *_ in rejects}) == 16


def test_the_platform_is_told_to_forget_what_is_stale(shop, story):
    """In between, the feed took the content back; now it has the new one."""
    assert story["after"].keys() == story["before"].keys()
    moved = {
        key: letter for key, letter in story["after"].items() if letter != story["before"][key]
    }
    assert moved.keys() == story["of_gone"].keys() | story["of_dearer"].keys()


def test_content_reads_the_products_as_they_are_now(shop, story):
    """Lists and triggers are those of the first run; the letters are made anew."""
    offered = "select count(*) from personalize__recommendations where product_id = ?"
    assert shop.rows(offered, story["gone"]) > [(0,)]
    assert not shop.letters(story["gone"])
    shown = shop.letters(story["dearer"])
    assert shown
    for letter in shown.values():
        blocks = [letter["hero"], *letter["showcase"]]
        prices = {block["price"] for block in blocks if block["product_id"] == story["dearer"]}
        assert prices == {"99.99 EUR" if letter["locale"] == "en" else "99,99 EUR"}


def test_the_size_of_a_mail_is_never_underestimated(demo):
    """Against the HTML itself; and a letter that Gmail would cut off is over the limit."""
    with warehouse.connect(demo.database) as connection:
        shop = {key: warehouse.setting(connection, f"shop_{key}") for key in ("name", "url")}
        found = {}
        for block in warehouse.rows(
            connection,
            "select audience.external_id, blocks.* from blocks join audience using (profile_id)",
        ):
            found.setdefault(block["external_id"], []).append(block)
    estimates = dict(demo.rows("select external_id, mail_bytes from int_personalize__letters"))
    assert estimates.keys() == found.keys()
    links = {page: f"{shop['url']}/{page}?id=1234567890" for page in ("unsubscribe", "preferences")}
    for person, blocks in found.items():
        size = len(mail.render(blocks, shop, links).encode())
        assert size <= estimates[person] <= 1.1 * size, person
        assert size < 102 * 1024
    one = next(block for block in blocks if block["slot"] == "showcase")
    others = [block for block in blocks if block["slot"] != "showcase"]
    for places in (1, 3, 8, 40):
        many = [*others, *({**one, "position": place} for place in range(places))]
        size = len(mail.render(many, shop, links).encode())
        text = sum(len(str(one[key] or "")) for key in ("title", "image_alt", "headline", "url"))
        assert size <= 14_000 + 3_500 + (2_900 + 4 * text) * places + 3_000, places
    assert size > 102 * 1024
