"""The ten input tables: their columns, and how a row becomes a line of a CSV file."""

import csv
import io
from datetime import datetime, timedelta

AS_OF = datetime(2026, 5, 1, 6, 0, 0)

CUSTOMER = ["source_system", "source_customer_id"]
COLUMNS = {
    "customers": [
        *CUSTOMER, "email", "phone", "first_name", "last_name", "birth_date", "gender", "address",
        "city", "region", "postal_code", "country", "language", "timezone", "loyalty_tier",
        "created_at", "updated_at",
    ],
    "products": [
        "product_id", "title", "description", "brand", "category", "subcategory", "price",
        "currency", "url", "image_url", "is_available", "created_at", "updated_at",
    ],
    "orders": [
        "order_id", *CUSTOMER, "email", "ordered_at", "status", "currency", "total_amount",
    ],
    "order_lines": [
        "order_id", "line_number", "product_id", "quantity", "unit_price", "discount_amount",
    ],
    "web_events": [
        "event_id", "occurred_at", "event_type", "anonymous_id", *CUSTOMER, "email", "session_id",
        "product_id", "category", "search_query", "url", "user_agent",
    ],
    "email_events": [
        "event_id", "occurred_at", "event_type", "email", "campaign_id", "message_id",
        "experiment_id", "variant_id", "product_id", "slot", "url", "user_agent",
    ],
    "consent_events": [
        "event_id", "occurred_at", "recorded_at", "email", *CUSTOMER, "channel", "purpose",
        "status", "lawful_basis", "collected_via", "notice_version", "jurisdiction", "expires_at",
        "tcf_string", "gpc",
    ],
    "privacy_requests": [
        "request_id", "requested_at", "request_type", "email", *CUSTOMER,
    ],
    "audience_segments": [
        "provider", "segment", "email", *CUSTOMER, "score", "valid_from", "valid_to",
    ],
    "order_control_totals": ["source_system", "order_date", "order_count", "total_amount"],
}  # fmt: skip


def at(text, **later):
    """The time written in text, moved by timedelta arguments: at("2026-03-01 10:00", hours=2)."""
    return datetime.fromisoformat(text) + timedelta(**later)


def hours_before(hours):
    """That many hours before as_of."""
    return AS_OF - timedelta(hours=hours)


def cell(value):
    """A value as the text of its cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value)


def csv_text(columns, rows):
    """Rows (dicts that may leave columns out) as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        unknown = set(row) - set(columns)
        if unknown:
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        writer.writerow([cell(row.get(column)) for column in columns])
    return out.getvalue()
