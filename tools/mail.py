"""From content blocks to the HTML of an e-mail: MJML compiled once, tokens filled per person."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, nodes
from mjml import mjml_to_html

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "email"
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi"}

# MJML takes no tokens for the size of a picture, so they are put into what it makes.
PICTURE = re.compile(r'(<img alt="{{ (\w+)\.alt }}" height=")auto(" [^>]* width=")\d+(")')
SIZED = r"\1{{ \2.height }}\3{{ \2.width }}\4"

Block = Mapping[str, Any]
ImageFor = Callable[[Block, int, int], str]


@lru_cache(maxsize=4)
def responsive(name: str = "email.mjml.j2") -> str:
    """The template as responsive HTML with its tokens still in it; MJML is slow and runs once."""
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    result = mjml_to_html(source, template_dir=TEMPLATES)
    if result.errors:
        raise ValueError(f"{name}: {'; '.join(map(str, result.errors))}")
    # Indentation is a third of the size of a mail and says nothing.
    lines = (line.strip() for line in result.html.splitlines())
    return PICTURE.sub(SIZED, "\n".join(filter(None, lines)))


@lru_cache(maxsize=1)
def compiled() -> Template:
    """The template, ready to be filled."""
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(responsive())


@lru_cache(maxsize=1)
def parsed() -> nodes.Template:
    """The template as a tree, to be told in another language."""
    return Environment().parse(responsive())


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """By language, the words that stand in every e-mail."""
    return json.loads((TEMPLATES / "words.json").read_text(encoding="utf-8"))


def real_image(block: Block, width: int, height: int) -> str:
    """The picture a real e-mail shows."""
    return block["image_url"] or ""


def placeholder_image(block: Block, width: int, height: int) -> str:
    """A drawn picture instead: the category picks the colours, the title the shapes."""
    return placeholder(block["title"] or "", block.get("category") or "", width, height)


def render(
    blocks: Sequence[Block],
    shop: Mapping[str, str],
    links: Mapping[str, str],
    image_for: ImageFor = real_image,
) -> str:
    """The HTML of the e-mail that one person's content blocks make."""
    slots: dict[str, list[Block]] = {}
    for block in sorted(blocks, key=lambda block: (block["slot"], block["position"])):
        slots.setdefault(block["slot"], []).append(block)
    hero = slots.pop("hero")[0]
    footer = slots.pop("footer", None)
    language = hero["locale"]
    is_right_to_left = language[:2] in RIGHT_TO_LEFT
    return compiled().render(
        lang=language,
        dir="rtl" if is_right_to_left else "ltr",
        start="right" if is_right_to_left else "left",
        subject=hero["subject"],
        preheader=preheader(hero),
        hero=shown(hero, image_for, 1200, 600),
        sections=[[shown(block, image_for, 512, 512) for block in slots[slot]] for slot in slots],
        footer=footer[0]["body"] if footer else "",
        shop=shop,
        links=links,
        words=words().get(language, words()["en"]),
    )


def preheader(hero: Block) -> str:
    """What a mailbox shows behind the subject."""
    return hero["body"] if hero["headline"] == hero["subject"] else hero["headline"]


def shown(block: Block, image_for: ImageFor, width: int, height: int) -> dict[str, str]:
    """What the template shows of one block."""
    has_product = block["product_id"] is not None
    return {
        "headline": block["headline"],
        "body": block["body"] or "",
        "title": block["title"] if has_product else "",
        "url": block["url"],
        "image": image_for(block, width, height) if block["image_url"] else "",
        "alt": block["image_alt"] or "",
        "width": str(block["image_width"] or ""),
        "height": str(block["image_height"] or ""),
        "price": block["price_text"] or "",
        "reason": block["reason_text"] or "",
        "button": block["call_to_action"] or "",
    }


# Ground, then three colours that sit well on it.
PALETTES = (
    ("#e9dfcf", "#c4542f", "#23473f", "#e7b04c"),
    ("#d9e4e3", "#1f4e5f", "#e2725b", "#f3ead7"),
    ("#f1ddd5", "#8c2f39", "#2b3a55", "#e8a598"),
    ("#e1e6d3", "#4b6338", "#d98e2b", "#2f2b26"),
    ("#dcdfee", "#36408f", "#e5b94e", "#b84a62"),
    ("#efe6c9", "#b5622a", "#2f5d6b", "#7a8f43"),
    ("#e6dbe4", "#5b3a6b", "#cf7a4a", "#2f5b57"),
    ("#d8e3ee", "#173f6b", "#c7473a", "#f0c368"),
)


def placeholder(title: str, category: str, width: int, height: int) -> str:
    """A tile picture as a data URI; the same title and category always give the same picture."""
    ground, *colours = PALETTES[hashlib.sha256(category.encode()).digest()[0] % len(PALETTES)]
    dice = hashlib.sha256(f"{category}|{title}".encode()).digest()
    rows = 2
    columns = max(2, round(rows * width / height))
    tiles = []
    for index in range(rows * columns):
        die = dice[index % 32] ^ (index * 37 & 0xFF)
        x, y = index % columns * 100, index // columns * 100
        tiles.append(_tile(die, x, y, colours[die % 3], colours[(die // 3 + 1) % 3]))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {columns * 100} {rows * 100}" preserveAspectRatio="xMidYMid slice">'
        f'<path fill="{ground}" d="M0 0h{columns * 100}v{rows * 100}H0z"/>{"".join(tiles)}</svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _tile(die: int, x: int, y: int, colour: str, second: str) -> str:
    quarter = die // 16 % 4 * 90
    turned = f' transform="rotate({quarter} {x + 50} {y + 50})"'
    match die % 8:
        case 0 | 1:
            return f'<path fill="{colour}"{turned} d="M{x} {y}a100 100 0 0 1 100 100H{x}z"/>'
        case 2:
            return (
                f'<circle fill="{colour}" cx="{x + 50}" cy="{y + 50}" r="38"/>'
                f'<circle fill="{second}" cx="{x + 50}" cy="{y + 50}" r="16"/>'
            )
        case 3:
            return f'<path fill="{colour}"{turned} d="M{x} {y + 50}a50 50 0 0 1 100 0z"/>'
        case 4:
            stripes = "".join(f"M{x} {y + 10 + 20 * i}h100" for i in range(5))
            return f'<path stroke="{colour}" stroke-width="8"{turned} d="{stripes}"/>'
        case 5:
            return (
                f'<path fill="{colour}" d="M{x} {y}h100v100H{x}z"/>'
                f'<path fill="{second}"{turned} d="M{x} {y}a100 100 0 0 0 100 100V{y}z"/>'
            )
        case 6:
            return f'<path fill="{colour}"{turned} d="M{x} {y}l100 100H{x}z"/>'
        case _:
            return f'<circle fill="{colour}" cx="{x + 50}" cy="{y + 50}" r="50"/>'
