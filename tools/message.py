"""Sends the e-mail of one person to an address of yours, to see it in a real mailbox.

python tools/message.py --person <external id> --to you@example.org --smtp localhost:25
"""

import argparse
import smtplib
import sys
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import quote

import mail
import warehouse
from common import Refusal, say


def message(
    blocks: Sequence[mail.Block], external_id: str, sender: str, to: str, shop: Mapping[str, str]
) -> EmailMessage:
    """The e-mail with both parts and the headers that let a mailbox unsubscribe with one click."""
    links = {
        page: f"{shop['url']}/{page}?id={quote(external_id, safe='')}"
        for page in ("unsubscribe", "preferences")
    }
    hero = next(block for block in blocks if block["slot"] == "hero")
    written = EmailMessage(policy=SMTP)
    written["From"] = sender
    written["To"] = to
    written["Subject"] = hero["subject"]
    # RFC 8058: an https address that takes a POST, and the word that it does.
    written["List-Unsubscribe"] = f"<{links['unsubscribe']}>"
    written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    written.set_content(text(blocks, links))
    written.add_alternative(mail.render(blocks, shop, links), subtype="html")
    return written


def text(blocks: Iterable[mail.Block], links: Mapping[str, str]) -> str:
    """The e-mail for who reads plain text: every block, what it shows and where it leads."""
    lines = []
    slot = ""
    for block in sorted(blocks, key=lambda block: (SLOTS.get(block["slot"], 1), block["slot"])):
        if block["slot"] != slot:
            slot = block["slot"]
            lines += ["", block["headline"], *filter(None, [block["body"]])]
        if block["product_id"] is not None:
            about = [block["title"], block["price_text"] or ""]
            lines.append(" · ".join(filter(None, [*about, block["reason_text"]])))
            lines.append(block["url"])
    language = mail.words()
    words = language.get(block["locale"], language["en"])
    lines += ["", *(f"{words[page]}: {links[page]}" for page in ("preferences", "unsubscribe"))]
    return "\n".join(lines).strip() + "\n"


SLOTS = {"hero": 0, "footer": 2}


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads one person's blocks, writes the e-mail and hands it to a mail server."""
    parser = argparse.ArgumentParser(description="Sends one person's e-mail to yourself.")
    parser.add_argument("--db", type=Path, default=Path("target/personalize.duckdb"))
    parser.add_argument("--person", required=True, help="external_id")
    parser.add_argument("--to", required=True, help="your own address")
    parser.add_argument("--smtp", default="localhost:25", help="host:port")
    options = parser.parse_args(arguments)
    try:
        with warehouse.connect(options.db) as connection:
            blocks = warehouse.rows(
                connection,
                "select blocks.* from blocks join audience using (profile_id)"
                " where audience.external_id = ? order by slot, position",
                [options.person],
            )
            if not blocks:
                raise Refusal(f"Nobody in the audience is known as {options.person}.")
            shop = {key: warehouse.setting(connection, f"shop_{key}") for key in ("name", "url")}
            sender = warehouse.setting(connection, "email_sender")
    except Refusal as refusal:
        print(f"personalize: {refusal}", file=sys.stderr)
        return 2
    host, _, port = options.smtp.partition(":")
    written = message(blocks, options.person, sender, options.to, shop)
    with smtplib.SMTP(host, int(port or 25)) as server:
        server.send_message(written)
    say(f"Sent to {options.to}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
