"""The preview: what it shows, what it hides, that it stands alone, and how a browser sees it."""

import html
import json
import re
import sys
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import preview_fixture
import pytest
from browser import NAMES, Browser, find_browser

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import mail
import preview
import warehouse

FETCHING = ("src", "srcset", "background", "poster", "data", "action", "formaction", "ping")
VOID = {"meta", "link", "img", "br", "input", "hr"}


class Parsed(HTMLParser):
    """A page as a browser reads it: its tags, its visible text, and the e-mails inside."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(source)
        self.text = re.sub(r"\s+", " ", " ".join(self.texts))
        self.mails = [dict(a)["srcdoc"] for tag, a in self.tags if tag == "iframe"]

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)

    def having(self, name):
        return [dict(attrs) for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return preview_fixture.build(tmp_path_factory.mktemp("preview") / "made_up.duckdb")


def page_of(database, pii=False):
    with warehouse.connect(database) as connection:
        return preview.page(connection, pii)


@pytest.fixture(scope="module")
def page(database):
    return page_of(database)


@pytest.fixture(scope="module")
def mails(page):
    return Parsed(page).mails


@pytest.fixture(scope="module")
def demo_page(demo):
    return page_of(demo.database)


# --- who is shown


def headings(page):
    return re.findall(r'<h2 id="who-[0-9a-f]+-title">(.*?)</h2>', page)


def test_every_kind_of_person_is_there_once(page):
    assert headings(page) == [
        "Birthday", "Browse abandonment", "Cart abandonment", "Win back", "Running low",
        "Loyal, high value", "New, no history", "No personalisation", "Erased", "Restricted",
        "Suppressed", "No consent", "No e-mail", "Shared mailbox", "Held out", "Capped",
    ]  # fmt: skip


def test_who_is_excluded_gets_a_reason_and_no_mail(page):
    assert len(Parsed(page).mails) == 8
    stamps = re.findall(r'class="stamp"><span>Not sent</span> (.*?)</p>', page)
    assert stamps == headings(page)[8:]


def test_the_demo_shop_has_people_of_every_kind(demo_page, demo):
    shown = headings(demo_page)
    assert len(shown) >= 12
    for kind in ("Cart abandonment", "Browse abandonment", "Birthday", "Win back", "Running low",
                 "Loyal, high value", "New, no history", "No personalisation"):  # fmt: skip
        assert kind in shown
    reasons = demo.rows("select distinct reason from personalize__exclusions")
    for (reason,) in reasons:
        assert warehouse.EXCLUSIONS[reason][0] in shown


def test_the_rarest_kind_chooses_first(database):
    with warehouse.connect(database) as connection:
        chosen = {kind.label: who for kind, who in warehouse.choose(connection)}
    # Whoever agreed to no personalisation is also a good customer, and the only one of that kind.
    assert chosen["No personalisation"] == "p-private"
    assert chosen["Loyal, high value"] == "p-loyal"


def test_segments_fill_the_dozen_where_kinds_are_few(tmp_path):
    database = preview_fixture.build(tmp_path / "few.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from personalize__triggers")
        connection.execute("delete from personalize__exclusions where reason <> 'held_out'")
    assert headings(page_of(database)) == [
        "Running low", "Loyal, high value", "New, no history", "No personalisation", "Customers",
        "Held out",
    ]  # fmt: skip


def test_losers_say_what_held_them_back(page):
    birthday = page.split('<article class="person"')[1]
    text = Parsed(birthday).text
    assert re.search(r"Birthday won", text)
    assert re.search(r"Win back held back by birthday", text)


@pytest.mark.parametrize(
    ("obstacle", "words"),
    [
        ("guard:still_shopping", "guard: still shopping"),
        ("group:shopping", "another message of the group shopping was sent lately"),
        ("cap:offers", "the group offers has sent as many as it may"),
        ("cooldown", "held back by cooldown"),
        ("win_back.remind", "held back by win back: remind"),
    ],
)
def test_what_held_a_rule_back_is_said_in_words(obstacle, words):
    assert preview.held_back(obstacle) == words


def test_the_payload_of_every_platform_is_shown_with_its_size(demo, demo_page):
    """As the tables hold it, but masked; the sizes are those of the unmasked records."""
    feeds = demo.rows(
        "select esp || '_' || object from personalize__sync_forecast"
        " where object not in ('catalog', 'items')"
    )
    with warehouse.connect(demo.database) as connection:
        people = [row[0] for row in demo.rows("select external_id from personalize__audience")]
        sent = preview.payloads(connection, people)
    assert set(sent) == set(people)
    for person in people:
        assert set(sent[person]) == {name for (name,) in feeds}, person
    ((record,),) = demo.rows(
        "select payload from export_personalize__postmark_messages where external_id = ?".replace(
            "?", f"'{people[0]}'"
        )
    )
    (row,) = sent[people[0]]["postmark_messages"]
    assert json.loads(preview.as_json([row]))["payload"] == json.loads(record)
    mailed = len(Parsed(demo_page).mails)
    sizes = re.findall(r"Postmark messages <span class=.quiet.>([\d,]+) bytes", demo_page)
    assert len(sizes) == mailed
    assert all(1_000 < int(size.replace(",", "")) < 10_000 for size in sizes)


def test_the_same_database_gives_the_same_page(database, page):
    assert page_of(database) == page


# --- what is hidden


def everything_in(page):
    return html.unescape(html.unescape(page))


@pytest.mark.parametrize("key", preview_fixture.PEOPLE)
def test_names_and_addresses_are_masked(page, key):
    first, last, *_ = preview_fixture.PEOPLE[key]
    shown = everything_in(page)
    for secret in filter(None, (first, last, preview_fixture.address(key))):
        assert not re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", shown)
    assert "+49 30" not in shown


def test_masked_people_can_still_be_told_apart(page):
    shown = everything_in(page)
    assert "A••• O•••" in shown
    assert "c•••@e•••.org" in shown
    assert "Something for you, A•••" in shown


def test_with_pii_everything_is_there(database):
    shown = everything_in(page_of(database, pii=True))
    assert "Amara Okafor" in shown
    assert "cart.person@example.org" in shown
    assert "Something for you, Amara" in shown
    assert "Keep this file to yourself" in shown


def test_the_demo_shops_people_are_masked(demo_page, demo):
    shown = everything_in(demo_page)
    people = demo.rows("select email, last_name from personalize__profiles where email is not null")
    assert len(people) > 100
    for address, last_name in people:
        assert address not in shown
        # A name in the demo's own titles would be no leak, but there is none.
        assert not last_name or not re.search(rf"(?<!\w){re.escape(last_name)}(?!\w)", shown)


def test_an_address_is_masked_wherever_it_stands():
    assert preview.masked_address("evt:ada@mail.example.org/7") == "e•••@m•••.org/7"
    assert preview.masked_address(None) == ""
    assert preview.masked_name("Ada") == "A•••"
    assert preview.masked_name(None) == ""


def test_a_name_is_masked_as_a_word():
    block = {"subject": "Ann, new at Annex", "headline": "Ann", "body": None, "call_to_action": ""}
    masked = preview.masked_block(block, ["Ann", None])
    assert masked["subject"] == "A•••, new at Annex"
    assert masked["headline"] == "A•••"
    assert masked["body"] is None


# --- what the data could do


def test_text_from_the_data_stays_text(page, mails):
    assert len(Parsed(page).having("script")) == 1
    texts = [Parsed(source).text for source in mails]
    assert not any(Parsed(source).having("script") for source in mails)
    for title, *_ in preview_fixture.PRODUCTS.values():
        assert any(title in text for text in texts), title


def test_every_mail_is_well_formed(mails):
    for source in mails:
        outside_outlook = re.sub(r"<!--.*?-->", "", source, flags=re.S)
        parsed = Parsed(outside_outlook)
        assert parsed.open == []
        for tag in ("table", "td", "tr", "div", "a", "h1", "p"):
            assert len(re.findall(rf"<{tag}[\s>]", outside_outlook)) == outside_outlook.count(
                f"</{tag}>"
            )


# --- it stands alone


def test_nothing_is_fetched(page, mails):
    for source in (page, *mails):
        parsed = Parsed(source)
        for tag, attrs in parsed.tags:
            assert tag not in ("link", "base", "object", "embed", "video", "audio")
            for name, value in attrs:
                if name in FETCHING:
                    assert (value or "").startswith("data:image/svg+xml;base64,")
        assert "@import" not in source
        assert not re.search(r"url\((?!data:)", source)
    policy = Parsed(page).having("meta")[2]
    assert policy["content"].startswith("default-src 'none'; img-src data:;")


def test_frames_run_no_script_and_open_nothing(page):
    for frame in Parsed(page).having("iframe"):
        assert frame["sandbox"] == "allow-same-origin"
        assert frame["title"]


# --- the e-mail itself


def real_mails(database):
    """What would be sent, with real pictures, by profile."""
    with warehouse.connect(database) as connection:
        people = warehouse.rows(connection, "select profile_id from audience order by 1")
        found = preview.read_details(connection, [p["profile_id"] for p in people], ["blocks"])
        shop = {"name": "Casa & Co", "url": "https://shop.example"}
    return {who: preview.the_mail(f["blocks"], who, shop) for who, f in found.items()}


def test_mails_stay_far_below_what_gmail_clips(database, demo):
    for source in (database, demo.database):
        sizes = [made["kilobytes"] for made in real_mails(source).values()]
        assert sizes
        assert 10 < max(sizes) < 51


def test_a_real_mail_has_real_pictures_and_a_way_out(database):
    with warehouse.connect(database) as connection:
        blocks = preview.read_details(connection, ["p-cart"], ["blocks"])["p-cart"]["blocks"]
    shop = {"name": "Casa & Co", "url": "https://shop.example"}
    links = {
        "unsubscribe": "https://shop.example/u?id=1&x=2",
        "preferences": "https://shop.example/p",
    }
    parsed = Parsed(mail.render(blocks, shop, links))
    pictures = parsed.having("img")
    assert len(pictures) == 5
    for picture in pictures:
        assert picture["src"].startswith("https://shop.example/img/P")
        assert picture["alt"]
        assert (picture["width"], picture["height"]) in {("600", "300"), ("256", "256")}
    targets = [link["href"] for link in parsed.having("a")]
    assert set(links.values()) <= set(targets)
    assert all(target.startswith("https://") for target in targets)
    assert parsed.having("html")[0]["lang"] == "en"
    assert {"name": "color-scheme", "content": "light dark"} in parsed.having("meta")
    assert parsed.having("h1")
    # A reader aloud takes no table for data.
    assert {table["role"] for table in parsed.having("table")} == {"presentation"}
    assert "Because you bought Salt & pepper mill" in parsed.text
    assert "24.90 EUR" in parsed.text


def test_right_to_left_and_unknown_languages(database):
    with warehouse.connect(database) as connection:
        blocks = preview.read_details(connection, ["p-cart"], ["blocks"])["p-cart"]["blocks"]
    shop = {"name": "Casa", "url": "https://shop.example"}
    links = {"unsubscribe": "https://shop.example/u", "preferences": "https://shop.example/p"}
    arabic = mail.render([{**block, "locale": "ar"} for block in blocks], shop, links)
    assert Parsed(arabic).having("html")[0]["dir"] == "rtl"
    assert "text-align:right" in arabic
    assert "direction:rtl" in arabic
    german = mail.render([{**block, "locale": "de"} for block in blocks], shop, links)
    assert "Abmelden" in german


def test_a_mail_without_products_pictures_or_lists_is_whole(database):
    block = {
        "slot": "hero", "position": 1, "product_id": None, "title": "News", "subject": "News",
        "headline": "News", "body": "Come in.", "call_to_action": "Visit", "image_url": None,
        "image_alt": None, "image_width": None, "image_height": None, "price": None,
        "url": "https://shop.example", "price_text": None,
        "reason_text": None, "locale": "en",
    }  # fmt: skip
    shop = {"name": "Casa", "url": "https://shop.example"}
    links = {"unsubscribe": "https://shop.example/u", "preferences": "https://shop.example/p"}
    parsed = Parsed(mail.render([block], shop, links))
    assert parsed.having("img") == []
    # In the title and as the heading; nothing where a product's name would be.
    assert parsed.text.count("News") == 2
    assert mail.preheader(block) == "Come in."


def test_pictures_follow_title_and_category():
    one = mail.placeholder("Mug", "cups", 512, 512)
    assert one == mail.placeholder("Mug", "cups", 512, 512)
    assert one != mail.placeholder("Bowl", "cups", 512, 512)
    assert one != mail.placeholder("Mug", "tea", 512, 512)


# --- the run's numbers


def test_the_funnel_adds_up(tmp_path):
    database = preview_fixture.build(tmp_path / "many.duckdb", extra_people=100)
    with warehouse.connect(database) as connection:
        numbers = preview.run_numbers(connection, preview_fixture.AS_OF)
    assert (numbers["profiles"], numbers["mailable"]) == (116, 8)
    assert [step["people"] for step in numbers["funnel"]] == [1, 1, 1, 101, 1, 1, 1, 1]
    assert numbers["funnel"][-1]["left"] == 8
    assert numbers["exports"] == [{"name": "braze_users", "n": 8, "moved": 8}]
    assert "<b>8</b> of 116 people would get an e-mail" in page_of(database)


def test_a_run_that_was_held_back_says_so(tmp_path, page):
    database = preview_fixture.build(tmp_path / "held.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("update int_personalize__releases set is_released = false")
    assert "This run was held back" in page_of(database)
    assert "This run was held back" not in page


def test_rejected_rows_and_models_are_counted(page):
    text = Parsed(page).text
    assert re.search(r"Orders 2 Impossible time 2", text)
    assert re.search(r"Churn not promoted.*?roc_auc 0\.660 0\.690", text)


def test_words_for_numbers_and_times():
    assert preview.share(0.253) == "25%"
    assert preview.number(1234567) == "1,234,567"
    assert preview.moment(datetime(2026, 5, 1, 6)) == "1 May 2026, 06:00"
    assert preview.held_back("guard:still_shopping") == "guard: still shopping"
    assert preview.held_back("cart_abandonment") == "held back by cart abandonment"


# --- refusals


@pytest.mark.parametrize("kind", ["absent", "empty", "no database"])
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, capsys, kind):
    path = tmp_path / "shop.duckdb"
    if kind == "empty":
        duckdb.connect(str(path)).close()
    elif kind == "no database":
        path.write_text("not a database, and long enough to be looked at " * 100)
    assert preview.main(["--db", str(path), "--out", str(tmp_path / "page.html")]) == 2
    message = capsys.readouterr().err
    assert message.startswith("personalize: ")
    assert len(message.splitlines()) == 1
    assert not (tmp_path / "page.html").exists()


def test_the_command_writes_the_page(tmp_path, database, capsys):
    out = tmp_path / "new folder" / "page.html"
    assert preview.main(["--db", str(database), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "masked" in capsys.readouterr().out


# --- in a browser

LOOK = """
(async () => {
  const seen = [];
  for (const person of document.querySelectorAll(".person")) {
    location.hash = person.id;
    await new Promise(done => setTimeout(done, 60));
    const frame = person.querySelector("iframe");
    const body = frame && frame.contentDocument.body;
    seen.push({
      who: person.querySelector("h2").textContent,
      visible: person.checkVisibility(),
      others: document.querySelectorAll(".person:not([hidden])").length - 1,
      overflow: document.documentElement.scrollWidth - innerWidth,
      mail: frame ? body.innerText.trim().length : null,
      pictures: frame ? [...frame.contentDocument.images].every(i => i.naturalWidth > 0) : null,
      cut: frame ? body.scrollHeight - frame.clientHeight : null,
      mailOverflow: frame ? body.scrollWidth - frame.clientWidth : null,
      focused: document.activeElement === person,
    });
  }
  return seen;
})()
"""


@pytest.fixture(scope="module")
def browser():
    path = find_browser()
    if path is None:
        pytest.skip(f"no browser found; looked for {', '.join(NAMES)}")
    with Browser(path) as opened:
        yield opened


@pytest.fixture(scope="module", params=["made up", "demo"])
def saved_page(request, tmp_path_factory):
    source = request.getfixturevalue("page" if request.param == "made up" else "demo_page")
    path = tmp_path_factory.mktemp("page") / "preview.html"
    path.write_text(source, encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1440, 900)])
def test_it_works_in_a_browser(browser, saved_page, width, height, scheme):
    browser.open(saved_page.as_uri(), width, height, scheme)
    seen = browser.evaluate(LOOK)
    assert len(seen) >= 12
    for person in seen:
        assert person["visible"], person
        assert person["others"] == 0, person
        assert person["focused"], person
        assert person["overflow"] <= 0, person
        if person["mail"] is not None:
            assert person["mail"] > 100, person
            assert person["pictures"], person
            assert person["cut"] <= 0, person
            assert person["mailOverflow"] <= 0, person
    assert browser.problems() == []


# Text that is harder to read than WCAG 2.2 AA allows (1.4.3): 4.5 to 1, and 3 to 1 for large text.
FAINT = """
(async () => {
  const parsed = colour => {
    const [r, g, b, a] = colour.match(/[\\d.]+/g).map(Number);
    return {rgb: [r, g, b], a: a === undefined ? 1 : a};
  };
  const over = (top, ground) => top.rgb.map((c, i) => c * top.a + ground[i] * (1 - top.a));
  const light = rgb => rgb
    .map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element, canvas) => {
    if (!element) return canvas;
    const own = parsed(getComputedStyle(element).backgroundColor);
    return own.a === 1 ? own.rgb : over(own, ground(element.parentElement, canvas));
  };
  const faint = [];
  let read = 0;
  const look = (page, canvas) => {
    const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.data.trim();
      if (!text || !element.checkVisibility() || !element.getClientRects().length) continue;
      if (element.closest("[aria-hidden=true], [style*='display:none'], style, script")) continue;
      const style = getComputedStyle(element);
      const behind = ground(element, canvas);
      const [a, b] = [light(over(parsed(style.color), behind)), light(behind)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
      read += 1;
      if (ratio < (large ? 3 : 4.5)) faint.push([text.slice(0, 40), Math.round(100 * ratio) / 100]);
    }
  };
  for (const person of document.querySelectorAll(".person")) {
    location.hash = person.id;
    await new Promise(done => setTimeout(done, 60));
    look(document, ground(document.body, [255, 255, 255]));
    for (const frame of person.querySelectorAll("iframe"))
      look(frame.contentDocument, ground(frame.parentElement, [255, 255, 255]));
  }
  return {faint, read};
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser, saved_page, scheme):
    browser.open(saved_page.as_uri(), 1440, 900, scheme)
    seen = browser.evaluate(FAINT)
    assert seen["faint"] == [] and seen["read"] > 1000
    grey = "document.querySelector('h2').style.cssText = 'color: #777 !important; font-size: 16px'"
    browser.evaluate("document.body.style.background = '#888'; " + grey)
    assert browser.evaluate(FAINT)["faint"], "the check sees grey on grey"


def test_the_width_of_the_mail_can_be_changed(browser, saved_page):
    browser.open(saved_page.as_uri(), 1440, 900, "light")
    frame_width = "document.querySelector('.person:not([hidden]) iframe').clientWidth"
    click = "document.querySelector('.person:not([hidden]) [data-width={}]').click()"
    assert browser.evaluate(frame_width) >= 600
    browser.evaluate(click.format("phone"))
    assert browser.evaluate(frame_width) == 375
    mails = browser.evaluate("document.querySelectorAll('[data-width=phone]').length")
    assert mails >= 8
    assert browser.evaluate("document.querySelectorAll('[aria-pressed=true]').length") == mails
    browser.evaluate(click.format("desktop"))
    assert browser.evaluate(frame_width) >= 600


def test_the_browser_refuses_what_would_leave_the_page(browser, saved_page):
    """The policy holds: the check itself sees a request that is tried."""
    browser.open(saved_page.as_uri(), 1440, 900, "light")
    browser.evaluate("new Image().src = 'https://shop.example/pixel.png'")
    browser.evaluate("new Promise(done => setTimeout(done, 100))")
    assert any("Content Security Policy" in problem for problem in browser.problems())
