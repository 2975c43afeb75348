"""Writes the e-mail's template in each platform's language, from the MJML the preview shows.

python tools/snippets.py --db target/personalize.duckdb --out target/templates
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import mail
import warehouse
from common import Refusal, say, shown
from jinja2 import nodes

CATALOG = "products"  # What the Braze catalog is named.
COMMENT = re.compile(r"<!--.*?-->", re.S)
BLOCKS = "personalize_blocks"  # What the data extension of the blocks is named.


@dataclass(frozen=True)
class Value:
    """A value of the export, found by its path in the letter."""

    path: tuple[str | int, ...]


@dataclass(frozen=True)
class Raw:
    """Text that stands in the template as it is."""

    text: str


@dataclass(frozen=True)
class When:
    """Parts that are there only where one of some values is not empty."""

    values: tuple[Value, ...]
    parts: tuple["Part", ...]


Part = Value | Raw | When


@dataclass(frozen=True)
class Letter:
    """What a template has to know beforehand: the shop, and how many blocks each slot holds."""

    shop_name: str
    shop_url: str
    slots: Mapping[str, int]
    pictures: Mapping[str, tuple[int, int]]  # How wide and high they are shown, by slot.
    locales: Sequence[str] = ()  # Besides the default, those the catalogue has prices in.


@dataclass(frozen=True)
class Platform:
    """How one platform says it: a value, a condition, and what stands before and after."""

    value: Callable[[Value], str]
    opened: Callable[[Value], str]
    otherwise: str
    closed: str
    unsubscribe: str
    preferences: str = ""
    before: str = ""
    after: str = ""
    comment: str = "{}"

    def text(self, parts: Iterable[Part]) -> str:
        """The template."""
        return "".join(self.said(part) for part in parts)

    def said(self, part: Part) -> str:
        """One part in the platform's language; of several values the first that is there counts."""
        match part:
            case Raw(text):
                return text
            case Value():
                return self.value(part)
            case When((first, *rest), inner):
                others = self.otherwise + self.said(When(tuple(rest), inner)) if rest else ""
                return self.opened(first) + self.text(inner) + others + self.closed
        raise TypeError(part)


def template(name: str, letter: Letter) -> str:
    """The whole template for one platform."""
    platform = platforms(letter)[name]
    text = platform.text(written(letter, platform))
    text = COMMENT.sub(lambda found: platform.comment.format(found[0]), text)
    return platform.before + text + platform.after


def written(letter: Letter, platform: Platform) -> Iterator[Part]:
    """The e-mail as parts: the template of the preview with its loops unrolled."""
    showcases = [slot for slot in letter.slots if slot not in ("hero", "footer")]
    scope = {
        "lang": Value(("locale",)),
        "dir": Value(("direction",)),
        "start": Value(("align",)),
        "subject": Value(("subject",)),
        "preheader": Value(("preheader",)),
        "hero": block(letter, ("hero",)),
        "sections": [
            [block(letter, (slot, place)) for place in range(letter.slots[slot])]
            for slot in showcases
        ],
        "footer": Value(("footer", "body")) if "footer" in letter.slots else Raw(""),
        "shop": {"name": Raw(escape(letter.shop_name)), "url": Raw(escape(letter.shop_url))},
        "links": {
            "unsubscribe": Raw(platform.unsubscribe),
            "preferences": Raw(platform.preferences or escape(f"{letter.shop_url}/preferences")),
        },
        "words": {word: Value((f"{word}_text",)) for word in ("preferences", "unsubscribe")},
    }
    yield from walked(mail.parsed().body, scope)


def block(letter: Letter, path: tuple[str | int, ...]) -> dict[str, Value | Raw]:
    """One block as the template of the preview names its fields."""
    width, height = letter.pictures.get(str(path[0]), (256, 256))
    names = {"image": "image_url", "alt": "image_alt"}
    fields = ("headline", "body", "title", "url", "image", "alt", "price", "reason", "button")
    values = {field: Value((*path, names.get(field, field))) for field in fields}
    return {**values, "width": Raw(str(width)), "height": Raw(str(height))}


def walked(body: Iterable[nodes.Node], scope: dict[str, Any]) -> Iterator[Part]:
    """Nodes of the template as parts; what the shape of the letter decides is decided here."""
    for node in body:
        match node:
            case nodes.Output():
                for child in node.nodes:
                    yield (
                        Raw(child.data)
                        if isinstance(child, nodes.TemplateData)
                        else known(child, scope)
                    )
            case nodes.If():
                yield from conditioned(node, scope)
            case nodes.For():
                for item in known(node.iter, scope):
                    yield from walked(node.body, {**scope, node.target.name: item})
            case nodes.Assign():
                scope[node.target.name] = known(node.node, scope)
            case _:
                raise TypeError(f"the template holds {type(node).__name__}")


def conditioned(node: nodes.If, scope: dict[str, Any]) -> Iterator[Part]:
    """A condition: on the letter's shape at once, on its values in the platform's language."""
    choices = alternatives(node.test, scope)
    if any(choice == () for choice in choices):
        yield from walked(node.body, scope)
        return
    inner = tuple(walked(node.body, dict(scope)))
    if all(len(choice) == 1 for choice in choices) and choices:
        yield When(tuple(choice[0] for choice in choices), inner)
        return
    for choice in choices:
        nested = inner
        for value in reversed(choice):
            nested = (When((value,), nested),)
        yield from nested


def alternatives(test: nodes.Node, scope: dict[str, Any]) -> list[tuple[Value, ...]]:
    """A test as the values that must all be there, for each alternative; none: it never holds."""
    match test:
        case nodes.And():
            return [
                (*left, *right)
                for left in alternatives(test.left, scope)
                for right in alternatives(test.right, scope)
            ]
        case nodes.Or():
            return alternatives(test.left, scope) + alternatives(test.right, scope)
        case nodes.Compare():
            left, right = known(test.expr, scope), known(test.ops[0].expr, scope)
            if isinstance(left, Value):
                # The export leaves a title empty where the headline says it already.
                return [()]
            return [()] if (left == right) == (test.ops[0].op == "eq") else []
    value = known(test, scope)
    return [(value,)] if isinstance(value, Value) else [()] if value else []


def known(node: nodes.Node, scope: dict[str, Any]) -> Any:
    """What an expression of the template stands for."""
    match node:
        case nodes.Name():
            return scope[node.name]
        case nodes.Const():
            return node.value
        case nodes.Getattr():
            return known(node.node, scope)[node.attr]
        case nodes.Getitem():
            return known(node.node, scope)[node.arg.value]
        case nodes.Filter(name="length"):
            return len(known(node.node, scope))
        case nodes.Filter(name="batch"):
            size = node.args[0].value
            items = known(node.node, scope)
            return [items[at : at + size] for at in range(0, len(items), size)]
        case nodes.TemplateData():
            return Raw(node.data)
    raise TypeError(f"the template holds {type(node).__name__}")


def flat(value: Value) -> str:
    """hero_title, showcase_1_title, showcase_headline: the column of the wide shape."""
    slot, *rest = value.path
    if rest and isinstance(rest[0], int):
        place, field = rest
        return f"{slot}_{field}" if field in ("headline", "body") else f"{slot}_{place + 1}_{field}"
    return "_".join(map(str, value.path))


def dotted(value: Value) -> str:
    """showcase.0.title."""
    return ".".join(map(str, value.path))


def bracketed(value: Value) -> str:
    """showcase.[0].title."""
    return ".".join(f"[{step}]" if isinstance(step, int) else step for step in value.path)


@dataclass(frozen=True)
class Language:
    """How a template language writes the value of a name, parts that are there for it, comments."""

    value: str
    opened: str
    otherwise: str = "{% else %}"
    closed: str = "{% endif %}"
    comment: str = "{}"

    def platform(
        self,
        found: Callable[[Value], str],
        unsubscribe: str,
        preferences: str = "",
        before: str = "",
        after: str = "",
    ) -> Platform:
        """A platform that speaks it, from how a value is found there and its own links."""
        return Platform(
            value=lambda value: self.value.format(found(value)),
            opened=lambda value: self.opened.format(found(value)),
            otherwise=self.otherwise,
            closed=self.closed,
            unsubscribe=unsubscribe,
            preferences=preferences,
            before=before,
            after=after,
            comment=self.comment,
        )


LIQUID = Language("{{{{ {} | escape }}}}", "{{% if {} != blank %}}")
DJANGO = Language("{{{{ {}|escape }}}}", "{{% if {} %}}")  # HubL as well.
HANDLEBARS = Language("{{{{{}}}}}", "{{{{#if {}}}}}", "{{else}}", "{{/if}}")
# Go's html/template leaves out comments, and with them what Outlook alone reads.
GO = Language(
    "{{{{ {} }}}}", "{{{{ if {} }}}}", "{{ else }}", "{{ end }}", comment="{{{{ Safe `{}` }}}}"
)


def platforms(letter: Letter) -> dict[str, Platform]:
    """The platforms by name."""
    return {
        "braze": braze(letter),
        "klaviyo": DJANGO.platform(
            lambda value: f"letter.{dotted(value)}",
            unsubscribe="{% unsubscribe_link %}",
            preferences="{% manage_preferences_link %}",
            before="{% with letter=person|lookup:'personalize' %}",
            after="{% endwith %}",
        ),
        "customerio": LIQUID.platform(
            lambda value: f"customer.personalize_{flat(value)}",
            unsubscribe="{% unsubscribe_url %}",
            preferences="{% manage_subscription_preferences_url %}",
        ),
        "iterable": HANDLEBARS.platform(
            lambda value: f"personalize.{bracketed(value)}",
            unsubscribe="{{unsubscribeUrl}}",
            preferences="{{unsubscribeMessageTypeUrl}}",
        ),
        "sendgrid": HANDLEBARS.platform(
            bracketed, unsubscribe="{{{unsubscribe}}}", preferences="{{{unsubscribe_preferences}}}"
        ),
        "ses": HANDLEBARS.platform(bracketed, unsubscribe="{{amazonSESUnsubscribeUrl}}"),
        "hubspot": DJANGO.platform(
            lambda value: f"contact.personalize_{flat(value)}",
            unsubscribe="{{ unsubscribe_link }}",
            preferences="{{ unsubscribe_link }}",
        ),
        "sfmc": ampscript(letter),
        "listmonk": GO.platform(
            indexed, unsubscribe="{{ UnsubscribeURL }}", preferences="{{ ManageURL }}"
        ),
    }


def indexed(value: Value) -> str:
    """A value as Go templates find it in listmonk: (index .….showcase 0).title."""
    found = ".Subscriber.Attribs.personalize"
    for step in value.path:
        found = f"(index {found} {step})" if isinstance(step, int) else f"{found}.{step}"
    return found


def braze(letter: Letter) -> Platform:
    """Liquid: words from custom attributes, what is known of a product from the catalog."""
    of_product = {"url": "url", "image_url": "image_url", "image_alt": "title"}
    of_product |= {"price": "price_text"}
    attributes = {"rule_id": "rule", "footer_body": "footer"}

    def found(value: Value) -> str:
        slot, *rest = value.path
        field = str(value.path[-1])
        if slot == "hero" and field in of_product:
            return f"hero_item.{of_product[field]}"
        if rest and isinstance(rest[0], int) and field in {**of_product, "title": "title"}:
            return f"item_{rest[0]}.{of_product.get(field, field)}"
        if rest and isinstance(rest[0], int) and field == "reason":
            return f"custom_attribute.${{personalize_reasons}}[{rest[0]}]"
        name = f"{slot}_{field}" if rest else field
        return f"custom_attribute.${{personalize_{attributes.get(name, name)}}}"

    def said(value: Value) -> str:
        words = {f"{word}_text": word for word in ("preferences", "unsubscribe")}
        name, field = str(value.path[0]), str(value.path[-1])
        if name in words:
            texts = {locale: escape(text[words[name]]) for locale, text in mail.words().items()}
            return chosen(texts, texts["en"])
        if name in ("direction", "align"):
            ends = ("rtl", "ltr") if name == "direction" else ("right", "left")
            return chosen(dict.fromkeys(sorted(mail.RIGHT_TO_LEFT), ends[0]), ends[1])
        if field == "price":
            name = found(value)
            others = {key: LIQUID.value.format(f"{name}_{key}") for key in letter.locales}
            return chosen(others, LIQUID.value.format(name))
        fallback = f" | default: '{letter.shop_url}'" if value.path == ("hero", "url") else ""
        return LIQUID.value.format(found(value) + fallback)

    def chosen(by_locale: Mapping[str, str], default: str) -> str:
        cases = "".join(f"{{% when '{key}' %}}{said}" for key, said in by_locale.items())
        case = "{% case custom_attribute.${personalize_locale} %}"
        return f"{case}{cases}{{% else %}}{default}{{% endcase %}}" if cases else default

    looked_up = [("hero_item", "personalize_hero_product}")]
    for place in range(letter.slots.get("showcase", 0)):
        looked_up.append((f"item_{place}", f"personalize_products}}[{place}]"))
    spoken = LIQUID.platform(
        found,
        unsubscribe="{{${set_user_to_unsubscribed_url}}}",
        before="{% if custom_attribute.${personalize_subject} == blank %}"
        "{% abort_message('no content today') %}{% endif %}"
        + "".join(
            f"{{% catalog_items {CATALOG} {{{{custom_attribute.${{{key}}}}} %}}"
            f"{{% assign {name} = items[0] %}}"
            for name, key in looked_up
        ),
    )
    return replace(spoken, value=said)


def escaped(text: str) -> str:
    """What stands for itself in HTML; AMPscript has no function for it."""
    for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        quote = "'" if sign == '"' else '"'
        text = f'Replace({text}, {quote}{sign}{quote}, "&{name};")'
    return text


# What the e-mail shows of a letter besides its blocks.
LETTER = ("locale", "direction", "align", "subject", "preheader")
LETTER += ("preferences_text", "unsubscribe_text")


def ampscript(letter: Letter) -> Platform:
    """AMPscript: the letter from the sendable data extension, blocks looked up by slot and rank."""
    lines = []
    for slot, places in letter.slots.items():
        lookup = f'"{BLOCKS}", 0, "rank ASC", "subscriberkey", _subscriberkey, "slot", "{slot}"'
        lines.append(f"SET @{slot} = LookupOrderedRows({lookup})")
        for place in range(places):
            fields = ("headline", "body", "title", "button", "url", "image_url", "image_alt")
            for field in (*fields, "price", "reason"):
                row = f"Row(@{slot}, {place + 1})"
                found = escaped(f'Field({row}, "{field}")')
                lines.append(f"SET @{slot}_{place}_{field} = {found}")
    for field in LETTER:
        lines.append(f"SET @{field} = " + escaped(f'AttributeValue("{field}")'))

    def name(value: Value) -> str:
        if len(value.path) == 1:
            return f"@{value.path[0]}"
        slot, *rest = value.path
        place, field = rest if len(rest) == 2 else (0, rest[0])
        return f"@{slot}_{place}_{field}"

    return Platform(
        value=lambda value: f"%%=v({name(value)})=%%",
        opened=lambda value: f"%%[ IF NOT EMPTY({name(value)}) THEN ]%%",
        otherwise="%%[ ELSE ]%%",
        closed="%%[ ENDIF ]%%",
        unsubscribe="%%unsub_center_url%%",
        preferences="%%profile_center_url%%",
        before="%%[\n" + "\n".join(lines) + "\n]%%",
    )


def letter_of(connection: Any) -> Letter:
    """What the templates have to know, read from a built database."""
    found = connection.execute(
        "select slot, max(position), max(image_width), max(image_height)"
        " from blocks group by slot order by slot"
    ).fetchall()
    slots: dict[str, int] = {slot: places for slot, places, _, _ in found}
    pictures = {slot: (width, height) for slot, _, width, height in found if width}
    name, url = (warehouse.setting(connection, f"shop_{key}") for key in ("name", "url"))
    locales = json.loads(warehouse.setting(connection, "locales"))
    locales.remove(warehouse.setting(connection, "default_locale"))
    return Letter(name, url, slots, pictures, locales)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the database and writes one template per platform."""
    parser = argparse.ArgumentParser(description="The e-mail's template for each platform.")
    parser.add_argument("--db", type=Path, default=Path("target/personalize.duckdb"))
    parser.add_argument("--out", type=Path, default=Path("target/templates"))
    options = parser.parse_args(arguments)
    try:
        with warehouse.connect(options.db) as connection:
            letter = letter_of(connection)
    except Refusal as refusal:
        print(f"personalize: {refusal}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    for name in platforms(letter):
        (options.out / f"{name}.html").write_text(template(name, letter), encoding="utf-8")
    say(f"The templates are in {shown(options.out.resolve())}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
