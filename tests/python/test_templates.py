"""The templates in each platform's language, rendered by engines that are not ours.

Each is fed what the export really holds and must give the e-mail that the preview shows.
"""

import json
import re
from html.parser import HTMLParser

import django
import gotpl
import jinja2
import liquid
import mail
import pybars
import pytest
import snippets
import warehouse
from django.conf import settings
from django.template import Context, Engine, Library

UNSUBSCRIBE = "https://platform.example/unsubscribe?a=1&b=2"
PREFERENCES = "https://platform.example/preferences"
CLOSED = ' data-closed="">'
ATTRIBUTE = re.compile(r"\$\{(\w+)\}")
CATALOG_TAG = re.compile(r"{% catalog_items (\w+) {{(.*?)}} %}")


class Events(HTMLParser):
    """What a mailbox makes of HTML: tags with their attributes, and text. A raw < would show."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.events = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.events.append((tag, tuple(attributes)))

    def handle_endtag(self, tag):
        self.events.append(("/", tag))

    def handle_comment(self, comment):
        # Outlook reads these as HTML.
        self.events.append(("comment", tuple(Events(comment).events)))

    def handle_data(self, text):
        if text.strip():
            if self.events and self.events[-1][0] == "text":
                text = self.events.pop()[1] + text
            self.events.append(("text", " ".join(text.split())))


@pytest.fixture(scope="module")
def letter(demo):
    with warehouse.connect(demo.database) as connection:
        return snippets.letter_of(connection)


@pytest.fixture(scope="module")
def people(demo):
    """{external id: the blocks of the preview}, in all three languages."""
    with warehouse.connect(demo.database) as connection:
        rows = warehouse.rows(
            connection,
            "select audience.external_id, blocks.* from blocks join audience using (profile_id)"
            " order by audience.external_id, slot, position",
        )
    found = {}
    for row in rows:
        found.setdefault(row["external_id"], []).append(row)
    assert {blocks[0]["locale"] for blocks in found.values()} >= {"en", "de", "fr"}
    return found


def exported(demo, table, key, columns):
    """{external id: the columns as a dictionary, JSON read}."""
    names = ", ".join([key, *columns])
    return {
        row[0]: dict(zip(columns, row[1:], strict=True))
        for row in demo.rows(f"select {names} from export_personalize__{table}")
    }


def wide(demo, table, key):
    rows = demo.rows(f"select * from (select to_json(t) from export_personalize__{table} as t)")
    records = [json.loads(row[0]) for row in rows]
    return {record[key]: record for record in records}


def braze(demo, source):
    """Braze's Liquid in the plain kind: ${x} is a name, and the catalog tag a filter."""
    items = {
        key: json.loads(payload)
        for key, payload in demo.rows("select id, payload from export_personalize__braze_catalog")
    }
    environment = liquid.Environment()
    environment.filters["catalog_items"] = lambda key, _: [items[key]] if key in items else [{}]
    source = CATALOG_TAG.sub(r"{% assign items = \2 | catalog_items: '\1' %}", source)
    source = source.replace("{% abort_message('no content today') %}", "ABORTED")
    template = environment.from_string(ATTRIBUTE.sub(r"\1", source))
    users = exported(demo, "braze_users", "external_id", ["payload"])
    for key, row in users.items():
        yield (
            key,
            template.render(
                custom_attribute=json.loads(row["payload"]),
                set_user_to_unsubscribed_url=UNSUBSCRIBE.replace("&", "&amp;"),
            ),
        )


def customerio(demo, source):
    for name, url in (
        ("unsubscribe_url", UNSUBSCRIBE),
        ("manage_subscription_preferences_url", PREFERENCES),
    ):
        source = source.replace(f"{{% {name} %}}", url.replace("&", "&amp;"))
    template = liquid.Environment().from_string(source)
    for key, row in wide(demo, "customerio_people", "id").items():
        yield key, template.render(customer=row)


def klaviyo(demo, source):
    if not settings.configured:
        settings.configure()
        django.setup()
    library = Library()
    library.filter("lookup", lambda person, key: person[key])
    library.simple_tag(lambda: UNSUBSCRIBE, name="unsubscribe_link")
    library.simple_tag(lambda: PREFERENCES, name="manage_preferences_link")
    engine = Engine(autoescape=True)
    engine.template_builtins.append(library)
    template = engine.from_string(source)
    for key, row in exported(demo, "klaviyo_profiles", "external_id", ["payload"]).items():
        properties = json.loads(row["payload"])["attributes"]["properties"]
        yield key, template.render(Context({"person": properties}))


def handlebars(demo, source, table, key, data_of):
    template = pybars.Compiler().compile(source)
    for person, row in exported(demo, table, key, ["payload"]).items():
        yield person, str(template(data_of(json.loads(row["payload"]))))


def iterable(demo, source):
    links = {"unsubscribeUrl": UNSUBSCRIBE, "unsubscribeMessageTypeUrl": PREFERENCES}
    return handlebars(
        demo, source, "iterable_users", "user_id", lambda row: {**row["dataFields"], **links}
    )


def sendgrid(demo, source):
    links = {
        "unsubscribe": UNSUBSCRIBE.replace("&", "&amp;"),
        "unsubscribe_preferences": PREFERENCES,
    }
    return handlebars(
        *(demo, source, "sendgrid_mail", "external_id"),
        lambda row: {**row["dynamic_template_data"], **links},
    )


def ses(demo, source):
    def data(row):
        template = row["ReplacementEmailContent"]["ReplacementTemplate"]
        return {
            **json.loads(template["ReplacementTemplateData"]),
            "amazonSESUnsubscribeUrl": UNSUBSCRIBE,
        }

    return handlebars(demo, source, "ses_entries", "external_id", data)


def hubspot(demo, source):
    template = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(source)
    contacts = exported(demo, "hubspot_contacts", "external_id", ["properties"])
    for key, row in contacts.items():
        contact = json.loads(row["properties"])
        assert all(isinstance(value, str) for value in contact.values())
        url = UNSUBSCRIBE.replace("&", "&amp;")
        yield key, template.render(contact=contact, unsubscribe_link=url)


def listmonk(demo, source):
    """Go's html/template in Python; it takes the slash of <br /> for a name, so it goes around."""
    closed = re.compile(r"{{.*?}}|\s*/>", re.S)
    source = closed.sub(lambda m: m[0] if m[0].startswith("{{") else CLOSED, source)
    template = gotpl.HTMLTemplate(
        source,
        functions={
            "UnsubscribeURL": lambda: UNSUBSCRIBE,
            "ManageURL": lambda: PREFERENCES,
            "Safe": gotpl.HTML,
        },
    )
    subscribers = exported(demo, "listmonk_subscribers", "external_id", ["attribs"])
    for key, row in subscribers.items():
        html = template.render({"Subscriber": {"Attribs": json.loads(row["attribs"])}})
        yield key, html.replace(CLOSED, " />")


# Platforms without a preferences link of their own lead to the shop's; HubSpot has one for both.
SHOPS_OWN = ("braze", "ses")


@pytest.mark.parametrize(
    "platform",
    [braze, klaviyo, customerio, iterable, sendgrid, ses, hubspot, listmonk],
    ids=lambda platform: platform.__name__,
)
def test_a_template_gives_the_mail_of_the_preview(platform, demo, letter, people):
    name = platform.__name__
    preferences = {"hubspot": UNSUBSCRIBE}.get(name, PREFERENCES)
    if name in SHOPS_OWN:
        preferences = f"{letter.shop_url}/preferences"
    links = {"unsubscribe": UNSUBSCRIBE, "preferences": preferences}
    shop = {"name": letter.shop_name, "url": letter.shop_url}
    rendered = dict(platform(demo, snippets.template(name, letter)))
    assert rendered.keys() == people.keys()
    for person, html in rendered.items():
        expected = Events(mail.render(people[person], shop, links)).events
        assert Events(html).events == expected, person


# --- AMPscript has no engine here: its delimiters and names are read by ours.


def blocks_closed(words):
    """Every if has its end, an else stands in one; gives how many there were."""
    open_ifs, seen = [], 0
    for word in words:
        if word == "if":
            open_ifs.append(False)
            seen += 1
        elif word == "else":
            assert open_ifs and not open_ifs[-1], "else without if, or a second one"
            open_ifs[-1] = True
        else:
            open_ifs.pop()
    assert not open_ifs
    return seen


def test_ampscript_speaks_of_exported_columns_and_variables_that_are_set(demo, letter):
    source = snippets.template("sfmc", letter)
    parts = re.split(r"(%%\[.*?\]%%|%%=.*?=%%|%%\w+%%)", source, flags=re.S)
    assert not any("%%" in text for text in parts[::2]), "an open delimiter"

    def columns(feed):
        return {
            name
            for (name,) in demo.rows(
                "select column_name from duckdb_columns()"
                f" where table_name = 'export_personalize__sfmc_{feed}'"
            )
        }

    lookup = re.compile(
        r'SET @(\w+) = LookupOrderedRows\("(\w+)", 0, "(\w+) ASC", "(\w+)", _subscriberkey,'
        r' "(\w+)", "(\w+)"\)'
    )
    escaped = re.compile(
        r"SET @(\w+) = Replace\(Replace\(Replace\(Replace\((.*), "
        r""""&", "&amp;"\), "<", "&lt;"\), ">", "&gt;"\), '"', "&quot;"\)"""
    )
    field = re.compile(r'Field\(Row\(@(\w+), (\d+)\), "(\w+)"\)')
    attribute = re.compile(r'AttributeValue\("(\w+)"\)')
    set_already, rowsets, used, words = set(), {}, set(), []
    for part in parts[1::2]:
        if part.startswith("%%="):
            used |= {re.fullmatch(r"%%=v\((@\w+)\)=%%", part)[1]}
        elif not part.startswith("%%["):
            assert part in ("%%unsub_center_url%%", "%%profile_center_url%%")
        elif condition := re.fullmatch(r"%%\[ IF NOT EMPTY\((@\w+)\) THEN \]%%", part):
            words.append("if")
            used |= {condition[1]}
        elif part in ("%%[ ELSE ]%%", "%%[ ENDIF ]%%"):
            words.append({"%%[ ELSE ]%%": "else", "%%[ ENDIF ]%%": "end"}[part])
        else:
            for line in part.removeprefix("%%[").removesuffix("]%%").strip().splitlines():
                if looked_up := lookup.fullmatch(line):
                    name, _, *named, slot = looked_up.groups()
                    assert set(named) <= columns("blocks") and slot in letter.slots
                    rowsets[name] = letter.slots[slot]
                else:
                    name, value = escaped.fullmatch(line).groups()
                    if of_letter := attribute.fullmatch(value):
                        assert of_letter[1] in columns("subscribers")
                    else:
                        rowset, row, column = field.fullmatch(value).groups()
                        assert column in columns("blocks") and 1 <= int(row) <= rowsets[rowset]
                    set_already.add(name)
    assert blocks_closed(words) > 20
    assert {name.removeprefix("@") for name in used} <= set_already


@pytest.mark.parametrize("words", [["if"], ["if", "end", "end"], ["else"], ["if", "else", "else"]])
def test_the_reader_sees_what_is_not_closed(words):
    with pytest.raises((AssertionError, IndexError)):
        blocks_closed(words)


def test_words_in_the_export_are_those_of_the_template(demo):
    exported = demo.rows(
        "select distinct locale, preferences_text, unsubscribe_text"
        " from export_personalize__generic_wide"
    )
    assert exported
    for locale, preferences, unsubscribe in exported:
        assert mail.words()[locale] == {"preferences": preferences, "unsubscribe": unsubscribe}


def test_hostile_words_stay_words(letter):
    """Escaping: a title that is HTML, or a template, is shown as it is and does nothing."""
    title = "<script>alert(1)</script> {{ 7 * 7 }} \"quoted\" & 'so'"
    contact = {}
    for name in re.findall(r"personalize_\w+", snippets.template("hubspot", letter)):
        contact[name] = title
    source = snippets.template("customerio", letter)
    source = re.sub(r"{% \w+_url %}", "", source)
    html = liquid.Environment().from_string(source).render(customer=contact)
    events = Events(html).events
    assert "script" not in [tag for tag, _ in events]
    assert ("text", " ".join(title.split())) in events
