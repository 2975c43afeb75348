"""How a hard case is written down: its rows, and what must come of them."""

from demo_shop.catalogue import PRICE, product_rows
from demo_shop.crowd import BROWSERS
from demo_shop.rows import COLUMNS, at

JOINED = at("2025-11-03 09:00")
OUTCOME_COLUMNS = [
    "hard_case",
    "identifier_type",
    "identifier",
    "expected_exclusion",
    "can_personalize",
    "can_use_third_party",
    "same_profile_as",
    "different_profile_from",
    "order_count",
    "opens_90d",
    "clicks_90d",
    "interested_in",
    "not_interested_in",
    "expected_trigger",
    "unexpected_trigger",
    "recommended",
    "not_recommended",
]
PRODUCT_COLUMNS = ["hard_case", "product_id", "price", "is_recommendable"]
ROW_COLUMNS = ["hard_case", "input", "record_id", "row_status", "reject_reason"]


class Cases:
    """Collects the rows of the cases and what is expected of them."""

    def __init__(self):
        """Nothing has happened yet."""
        self.rows = {table: [] for table in COLUMNS}
        self.outcomes = []
        self.expected_rows = []
        self.expected_products = []
        self.stories = []
        self.count = 0

    def case(self, title, outcome):
        """Begin a case."""
        if any(story["title"] == title for story in self.stories):
            raise ValueError(f"there are two cases called '{title}'")
        self.title = title
        self.stories.append({"title": title, "outcome": outcome, "ids": []})

    def add(self, table, key=None, **row):
        """One row as it comes; key is what the README lists it by."""
        self.rows[table].append(row)
        if key:
            self.stories[-1]["ids"].append(key)

    def running(self, prefix):
        """An id for a row that nobody needs to look up."""
        self.count += 1
        return f"{prefix}-{self.count:03d}"

    # People

    def account(self, customer_id, first_name, last_name, email=None, system="shop", **more):
        """A row of customers, German unless it says otherwise."""
        self.add(
            "customers",
            customer_id,
            **{
                "source_system": system,
                "source_customer_id": customer_id,
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
                "city": "Kassel",
                "country": "DE",
                "language": "de",
                "timezone": "Europe/Berlin",
                "created_at": JOINED,
                "updated_at": JOINED,
            }
            | more,
        )

    def person(self, customer_id, first_name, last_name, **more):
        """An account that agreed to marketing and personalization when it was opened."""
        more.setdefault("email", address(customer_id))
        self.account(customer_id, first_name, last_name, **more)
        for purpose in ("marketing", "personalization"):
            self.consent(customer_id, purpose=purpose, system=more.get("system", "shop"))

    def consent(self, customer_id=None, status="granted", occurred_at=None, key=None, **more):
        """A row of consent_events: marketing by e-mail, named by account, or as it says."""
        event_id = key or self.running("case-consent")
        row = {
            "event_id": event_id,
            "occurred_at": occurred_at or JOINED,
            "source_system": more.pop("system", "shop") if customer_id else None,
            "source_customer_id": customer_id,
            "channel": "email",
            "purpose": "marketing",
            "status": status,
            "lawful_basis": "consent",
            "collected_via": "account",
            "notice_version": "2025-05",
            "jurisdiction": "GDPR",
        }
        self.add("consent_events", key, **row | more)

    def request(self, request_type, requested_at, key=None, customer_id=None, email=None):
        """A row of privacy_requests."""
        self.add(
            "privacy_requests",
            key,
            request_id=key or self.running("case-request"),
            requested_at=requested_at,
            request_type=request_type,
            email=email,
            source_system="shop" if customer_id else None,
            source_customer_id=customer_id,
        )

    # What they do

    def order(self, order_id, customer_id, ordered_at, *lines, **more):
        """An order; its lines are product ids, or (product_id, quantity)."""
        lines = [line if isinstance(line, tuple) else (line, 1) for line in lines]
        row = {
            "order_id": order_id,
            "source_system": "shop",
            "source_customer_id": customer_id,
            "ordered_at": ordered_at,
            "status": "completed",
            "currency": "EUR",
            "total_amount": sum(
                (PRICE.get(product, 20.0) * count for product, count in lines), 0.0
            ),
        }
        self.add("orders", order_id, **row | more)
        for number, (product, count) in enumerate(lines, start=1):
            self.add(
                "order_lines",
                order_id=order_id,
                line_number=number,
                product_id=product,
                quantity=count,
                unit_price=PRICE.get(product, 20.0),
                discount_amount=0.0,
            )

    def visit(
        self, occurred_at, event_type, product_id=None, anonymous_id=None, customer_id=None, **more
    ):
        """A row of web_events."""
        row = {
            "event_id": self.running("case-web"),
            "occurred_at": occurred_at,
            "event_type": event_type,
            "anonymous_id": anonymous_id,
            "source_system": "shop" if customer_id else None,
            "source_customer_id": customer_id,
            "session_id": f"se-{anonymous_id or customer_id}",
            "product_id": product_id,
            "user_agent": BROWSERS[0],
        }
        self.add("web_events", **row | more)

    def letter(self, message_id, email, sent_at, *events, campaign_id="service-letter"):
        """A message, delivered after a second, and what follows: (event_type, time, more)."""
        delivered = sent_at.replace(second=sent_at.second + 1)
        self.stories[-1]["ids"].append(message_id)
        happenings = [("send", sent_at, {}), ("delivered", delivered, {}), *events]
        for number, (event_type, occurred_at, more) in enumerate(happenings, start=1):
            self.add(
                "email_events",
                event_id=f"{message_id}-{number}",
                occurred_at=occurred_at,
                event_type=event_type,
                email=email,
                campaign_id=campaign_id,
                message_id=message_id,
                **more,
            )

    # What must come of it

    def expect(self, identifier, exclusion=None, **more):
        """What a person must come to: an account of the shop unless it says otherwise."""
        if "@" in identifier:
            kind = "email"
        elif identifier.startswith("cookie-"):
            kind = "anonymous"
            self.stories[-1]["ids"].append(identifier)
        else:
            kind = "account"
            identifier = as_account(identifier)
        if exclusion == "in_audience":
            more.setdefault("can_personalize", "true")
        for column in ("same_profile_as", "different_profile_from"):
            if column in more and "@" not in more[column]:
                more[column] = as_account(more[column])
        self.outcomes.append(
            {
                "hard_case": self.title,
                "identifier_type": kind,
                "identifier": identifier,
                "expected_exclusion": exclusion,
            }
            | more
        )

    def expect_erased(self, customer_id):
        """No identifier is left of an account of the shop; a profile without any, erased, is."""
        self.expect(customer_id, "no_profile")
        self.outcomes.append(
            {
                "hard_case": self.title,
                "identifier_type": "erased",
                "identifier": f"account:{as_account(customer_id)}",
                "expected_exclusion": "erased",
            }
        )

    def expect_row(self, table, record_id, row_status, reject_reason=None):
        """What a row must come to: kept, rejected or later."""
        self.expected_rows.append(
            {
                "hard_case": self.title,
                "input": table,
                "record_id": record_id,
                "row_status": row_status,
                "reject_reason": reject_reason,
            }
        )

    def expect_product(self, product_id, price, is_recommendable):
        """What the catalogue says of a product today."""
        self.expected_products.append(
            {
                "hard_case": self.title,
                "product_id": product_id,
                "price": price,
                "is_recommendable": is_recommendable,
            }
        )


def address(customer_id):
    """The e-mail address of a person of the cases."""
    return f"{customer_id.removeprefix('case-')}@case.example"


def as_account(customer_id):
    """An account as the identity map spells it."""
    return customer_id if "|" in customer_id else f"shop|{customer_id}"


def changed(like, updated_at, **changes):
    """A product of the catalogue in a later version, or one like it under another id."""
    product = next(row for row in product_rows() if row["product_id"] == like)
    if "product_id" in changes:
        new_id = changes["product_id"]
        changes |= {
            "url": product["url"].replace(like, new_id),
            "image_url": product["image_url"].replace(like, new_id),
            "created_at": updated_at,
        }
    return product | {"updated_at": updated_at} | changes
