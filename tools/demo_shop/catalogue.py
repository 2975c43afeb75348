"""What the shop sells: one line per product in catalogue.csv, in the order of the shelves.

taste: who buys it (see crowd.py). lasts_days: how long one lasts, for goods that are bought again.
"""

import csv
from pathlib import Path

with open(Path(__file__).with_suffix(".csv"), encoding="utf-8", newline="") as file:
    PRODUCTS = list(csv.DictReader(file))

TASTE = {product["product_id"]: product["taste"] for product in PRODUCTS}
PRICE = {product["product_id"]: float(product["price"]) for product in PRODUCTS}
CATEGORY = {product["product_id"]: product["category"] for product in PRODUCTS}
LASTS_DAYS = {
    product["product_id"]: int(product["lasts_days"])
    for product in PRODUCTS
    if product["lasts_days"]
}


def product_rows():
    """The catalogue as rows of the input `products`; the hard cases add to it."""
    for product in PRODUCTS:
        yield {
            column: product[column]
            for column in ["product_id", "title", "description", "brand", "category", "subcategory"]
        } | {
            "price": product["price"],
            "currency": "EUR",
            "url": f"https://shop.example/p/{product['product_id']}",
            "image_url": f"https://shop.example/img/{product['product_id']}.png",
            "is_available": "true",
            "created_at": "2025-06-01 08:00:00",
            "updated_at": "2025-12-15 08:00:00",
        }
