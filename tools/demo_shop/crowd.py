"""The believable crowd: people with a taste, who run out of things, browse, read and leave.

Every person has a random stream of their own, seeded by the demo seed and their number, so that
one more case or person changes nobody else. Only random() is drawn from, which every version of
Python answers alike.
"""

import unicodedata
from datetime import datetime, timedelta
from random import Random

from demo_shop.catalogue import CATEGORY, LASTS_DAYS, PRICE, TASTE
from demo_shop.rows import AS_OF

PEOPLE = 150
FROM = datetime(2026, 1, 1)
UNTIL = AS_OF - timedelta(hours=1)

# country, language, timezone, share, phone (reserved for fiction), cities, first names (women and
# men in turn), last names
COUNTRIES = [
    ("DE", "de", "Europe/Berlin", 0.55, "+49 176 04069{:03d}",
     ["Berlin", "Hamburg", "Köln", "Leipzig", "Freiburg", "Bremen"],
     ["Lena", "Jonas", "Marie", "Felix", "Clara", "Paul", "Nora", "Emil", "Ida", "Max", "Greta",
      "Tim", "Hannah", "Moritz", "Frieda", "Jakob", "Leonie", "Anton", "Johanna", "Theo"],
     ["Brandt", "Vogel", "Krüger", "Seidel", "Lorenz", "Böhm", "Winter", "Kaiser", "Sommer",
      "Franke", "Busch", "Arnold", "Jäger", "Thiele", "Pohl", "Schreiber", "Voigt", "Horn"]),
    ("AT", "de", "Europe/Vienna", 0.15, None,
     ["Wien", "Graz", "Linz", "Salzburg"],
     ["Sophie", "Lukas", "Valentina", "Florian", "Magdalena", "Simon"],
     ["Gruber", "Huber", "Steiner", "Moser", "Egger", "Wimmer"]),
    ("NL", "nl", "Europe/Amsterdam", 0.10, None,
     ["Utrecht", "Amsterdam", "Haarlem"],
     ["Sanne", "Daan", "Fleur", "Bram", "Lotte", "Thijs"],
     ["de Vries", "Bakker", "Visser", "Smit", "Mulder", "Dekker"]),
    ("FR", "fr", "Europe/Paris", 0.10, "+33 6 39 98 {:04d}",
     ["Lyon", "Nantes", "Strasbourg"],
     ["Camille", "Hugo", "Léa", "Étienne", "Chloé", "Rémi"],
     ["Moreau", "Lefèvre", "Girard", "Roux", "Fontaine", "Mercier"]),
    ("GB", "en", "Europe/London", 0.10, "+44 7700 900{:03d}",
     ["Leeds", "Bristol", "Edinburgh"],
     ["Alice", "Oliver", "Emily", "Harry", "Grace", "Jack"],
     ["Walker", "Hughes", "Turner", "Carter", "Ward", "Baker"]),
]  # fmt: skip

BROWSERS = [
    "Mozilla/5.0 (iPhone) Safari",
    "Mozilla/5.0 (Android 15) Chrome",
    "Mozilla/5.0 (Windows) Edge",
    "Mozilla/5.0 (Macintosh) Safari",
]
APPLE_PROXY = "Mozilla/5.0"
GOOGLE_PROXY = "Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)"

# day of the send, campaign, experiment, the product of the hero
CAMPAIGNS = [
    ("2026-01-13", "winter-letter", None, "tea-earlgrey"),
    ("2026-02-10", "valentine-letter", None, "food-chocolate"),
    ("2026-03-03", "spring-1", "hero_tone", "bean-ethiopia"),
    ("2026-03-10", "spring-2", "hero_tone", "cup-mug"),
    ("2026-03-17", "spring-3", "hero_tone", "tea-darjeeling"),
    ("2026-03-24", "spring-4", "hero_tone", "kit-loaf"),
    ("2026-03-31", "spring-5", "hero_tone", "bean-ritmo"),
    ("2026-04-07", "spring-6", "hero_tone", "brew-dripper"),
    ("2026-04-14", "spring-7", "hero_tone", "tea-sencha"),
    ("2026-04-21", "spring-8", "hero_tone", "food-jam"),
    ("2026-04-28", "spring-9", "hero_tone", "bean-coldbrew"),
]
CLICK_SHARE = {"friendly": 0.18, "factual": 0.09, None: 0.10}

SEARCHES = {
    "espresso": ["espresso beans", "crema", "descaler"],
    "filter": ["pour over", "filter papers", "light roast"],
    "tea": ["green tea", "matcha", "teapot"],
    "kitchen": ["sourdough", "spelt flour", "apron"],
}


def pick(rng, options):
    """One of the options, all alike."""
    return options[int(rng.random() * len(options))]


def pick_by_weight(rng, weights):
    """A key of the weights, as likely as its weight."""
    mark = rng.random() * sum(weights.values())
    for option, weight in weights.items():
        mark -= weight
        if mark < 0:
            return option
    return option


def ascii_name(name):
    """A name as it is written in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "").replace("'", "")


def daytime(rng, day):
    """A moment of that day when people are awake, most of them in the evening."""
    hour = pick_by_weight(rng, {7: 1, 9: 2, 11: 2, 13: 2, 15: 2, 17: 3, 19: 5, 20: 4, 21: 3})
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour, seconds=int(rng.random() * 3600))


class Person:
    """One member of the crowd and the stream of chance they live by."""

    def __init__(self, number, seed):
        """Draw who they are."""
        rng = self.rng = Random(f"{seed}:person:{number}")
        self.number = number
        self.account = f"S-{1000 + number}"
        country = pick_by_weight(rng, {i: c[3] for i, c in enumerate(COUNTRIES)})
        self.country, self.language, self.timezone, _, phone, cities, first, last = COUNTRIES[
            country
        ]
        self.first_name, self.last_name = pick(rng, first), pick(rng, last)
        self.city = pick(rng, cities)
        self.postal_code = str(10000 + int(rng.random() * 89999))
        domain = pick(rng, ["mail.example", "post.example", "inbox.example"])
        name = f"{ascii_name(self.first_name)}.{ascii_name(self.last_name)}"
        self.email = f"{name}{number}@{domain}"
        self.phone = phone.format(number) if phone and number < 100 and rng.random() < 0.8 else None
        self.birth_date = (
            datetime(1950, 1, 1) + timedelta(days=int(rng.random() * 365.25 * 56))
            if rng.random() < 0.6
            else None
        )
        known_gender = ["female", "male"][first.index(self.first_name) % 2]
        self.gender = known_gender if rng.random() < 0.8 else None
        self.joined = daytime(
            rng,
            FROM + timedelta(days=int(rng.random() * 118))
            if rng.random() < 0.3
            else FROM - timedelta(days=1 + int(rng.random() * 600)),
        )
        self.taste = pick_by_weight(rng, {"espresso": 35, "filter": 30, "tea": 22, "kitchen": 13})
        self.second_taste = pick_by_weight(
            rng, {"espresso": 2, "filter": 2, "tea": 2, "kitchen": 3}
        )
        goods = [p for p in LASTS_DAYS if TASTE[p] == self.taste and LASTS_DAYS[p] < 40]
        # The first goods of a shelf are the favourites of more people.
        self.staples = {
            pick_by_weight(rng, {p: 1 / (1 + i) for i, p in enumerate(goods)}) for _ in range(2)
        }
        self.aisle = CATEGORY[goods[0]]
        self.pace = 0.6 + 1.3 * rng.random() ** 2
        self.days_between_orders = 8 + 25 * rng.random() ** 1.6
        leaves = rng.random() < 0.22
        self.leaves = FROM + timedelta(days=6 + int(rng.random() ** 2 * 75)) if leaves else AS_OF
        self.reads = 0.15 + 0.55 * rng.random()
        self.browser = pick(rng, BROWSERS)
        self.proxy = pick_by_weight(rng, {APPLE_PROXY: 25, GOOGLE_PROXY: 20, None: 55})
        self.anonymous_id = f"ck-{number:03d}"
        self.loyalty_tier = pick_by_weight(rng, {"bronze": 5, "silver": 3, "gold": 1, None: 4})
        self.variant_id = "friendly" if rng.random() < 0.5 else "factual"
        self.permissions = {
            "marketing": rng.random() < 0.85,
            "personalization": rng.random() < 0.75,
            "third_party_data": rng.random() < 0.2,
        }

    def customer(self, system, customer_id, **changes):
        """Their row in one of the source systems."""
        return {
            "source_system": system,
            "source_customer_id": customer_id,
            "email": self.email,
            "phone": self.phone,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "birth_date": self.birth_date and f"{self.birth_date:%Y-%m-%d}",
            "gender": self.gender,
            "city": self.city,
            "postal_code": self.postal_code,
            "country": self.country,
            "language": self.language,
            "timezone": self.timezone,
            "loyalty_tier": self.loyalty_tier,
            "created_at": self.joined,
            "updated_at": self.joined,
        } | changes


def customers(person):
    """Their accounts: everybody shops online, some are in the CRM or at the till as well."""
    rng = person.rng
    yield person.customer("shop", person.account)
    if rng.random() < 0.25:
        known = min(person.joined + timedelta(days=3), UNTIL)
        yield person.customer(
            "crm",
            f"C-{2000 + person.number}",
            email=person.email.upper(),
            loyalty_tier=None,
            created_at=known,
            updated_at=known,
        )
    if person.phone and rng.random() < 0.3:
        known = min(person.joined + timedelta(days=9), UNTIL)
        yield person.customer(
            "pos",
            f"P-{3000 + person.number}",
            email=None,
            phone=person.phone.replace("+", "00").replace(" ", ""),
            birth_date=None,
            gender=None,
            city=None,
            postal_code=None,
            loyalty_tier=None,
            created_at=known,
            updated_at=known,
        )


def consent_events(person):
    """What they agreed to when they joined; half of them by a double opt-in."""
    rng = person.rng
    double = rng.random() < 0.5
    asked = person.joined + timedelta(minutes=1)

    def event(purpose, status, occurred_at):
        return {
            "event_id": f"co-{person.number:03d}-{purpose[:4]}-{status}",
            "occurred_at": occurred_at,
            "recorded_at": occurred_at + timedelta(seconds=5),
            "email": person.email,
            "source_system": "shop",
            "source_customer_id": person.account,
            "channel": "email",
            "purpose": purpose,
            "status": status,
            "lawful_basis": "consent",
            "collected_via": "newsletter_form" if double else "checkout",
            "notice_version": "2025-05",
            "jurisdiction": "UK_GDPR" if person.country == "GB" else "GDPR",
        }

    for purpose, agreed in person.permissions.items():
        if not agreed:
            if rng.random() < 0.6:
                yield event(purpose, "denied", asked)
        elif purpose == "marketing" and double:
            yield event(purpose, "pending", asked)
            yield event(
                purpose, "confirmed", asked + timedelta(minutes=2 + int(rng.random() * 300))
            )
        else:
            yield event(purpose, "granted", asked)
    if person.permissions["marketing"] and person.leaves < AS_OF and rng.random() < 0.3:
        yield event("marketing", "withdrawn", daytime(rng, person.leaves + timedelta(days=2)))


def basket(person, due):
    """Products of one order: what has run out, and something of their taste."""
    rng = person.rng
    products = list(due)
    size = max(len(products), pick_by_weight(rng, {1: 30, 2: 35, 3: 22, 4: 13}))
    while len(products) < size:
        taste = pick_by_weight(rng, {person.taste: 72, person.second_taste: 18, "kitchen": 6})
        shelf = [p for p in TASTE if TASTE[p] == taste]
        # Cheap things and the front of the shelf sell better.
        weights = {p: 1 / (2 + i) / (12 + PRICE[p]) for i, p in enumerate(shelf)}
        product = pick_by_weight(rng, weights)
        if product not in products:
            products.append(product)
    return products


def orders(person):
    """(ordered_at, products): a rhythm of their own, and what has run out."""
    rng = person.rng
    bought = {}
    day = max(FROM, person.joined) + timedelta(days=rng.random() * person.days_between_orders)
    while day < min(UNTIL, person.leaves):
        moment = daytime(rng, day)
        if FROM <= moment < UNTIL and moment > person.joined:
            due = [
                p
                for p in sorted(person.staples)
                if p not in bought
                or (moment - bought[p]).days
                >= LASTS_DAYS[p] * person.pace * (0.8 + 0.3 * rng.random())
            ]
            products = basket(person, due)
            bought |= dict.fromkeys(products, moment)
            yield moment, products
        day += timedelta(days=person.days_between_orders * (0.4 + 1.2 * rng.random()))


class Visits:
    """Web events of one person, with running ids."""

    def __init__(self, person):
        """Start counting."""
        self.person = person
        self.sessions = 0
        self.events = 0

    def session(self, begin, steps, known):
        """One visit: steps are (event_type, product_id), all of them logged in or none."""
        self.sessions += 1
        moment = begin
        for event_type, product_id in steps:
            self.events += 1
            person = self.person
            yield {
                "event_id": f"we-{person.number:03d}-{self.events:03d}",
                "occurred_at": moment,
                "event_type": event_type,
                "anonymous_id": person.anonymous_id,
                "source_system": "shop" if known else None,
                "source_customer_id": person.account if known else None,
                "session_id": f"se-{person.number:03d}-{self.sessions:02d}",
                "product_id": product_id,
                "category": person.aisle if event_type == "category_view" else None,
                "search_query": pick(person.rng, SEARCHES[person.taste])
                if event_type == "search"
                else None,
                "url": None if product_id else f"https://shop.example/{event_type.split('_')[0]}",
                "user_agent": person.browser,
            }
            moment += timedelta(seconds=15 + int(person.rng.random() * 150))


def shopping(person, rows):
    """Their orders, in the shop or at the till, and their visits, with and without an order."""
    rng = person.rng
    visits = Visits(person)
    till = next(
        (c for c in rows["customers"] if c["source_customer_id"] == f"P-{3000 + person.number}"),
        None,
    )
    for count, (moment, products) in enumerate(orders(person), start=1):
        order_id = f"O-{1000 + person.number}-{count:02d}"
        at_till = till and moment > till["created_at"] and rng.random() < 0.5
        total = 0.0
        for line_number, product in enumerate(products, start=1):
            quantity = 2 if rng.random() < 0.12 and PRICE[product] < 20 else 1
            discount = round(PRICE[product] * quantity * 0.1, 2) if rng.random() < 0.1 else 0.0
            total += PRICE[product] * quantity - discount
            rows["order_lines"].append(
                {
                    "order_id": order_id,
                    "line_number": line_number,
                    "product_id": product,
                    "quantity": quantity,
                    "unit_price": PRICE[product],
                    "discount_amount": discount,
                }
            )
        rows["orders"].append(
            {
                "order_id": order_id,
                "source_system": "pos" if at_till else "shop",
                "source_customer_id": till["source_customer_id"] if at_till else person.account,
                "email": None if at_till else person.email,
                "ordered_at": moment,
                "status": "cancelled" if rng.random() < 0.015 else "completed",
                "currency": "EUR",
                "total_amount": total,
            }
        )
        if not at_till and rng.random() < 0.8:
            steps = [("product_view", products[0]), *(("add_to_cart", p) for p in products[:2])]
            if rng.random() < 0.35:
                steps.insert(0, ("search", None))
            steps.append(("purchase", None))
            begin = moment - timedelta(minutes=4 * len(steps))
            rows["web_events"].extend(visits.session(begin, steps, rng.random() < 0.9))
    day = max(FROM, person.joined)
    while day < min(UNTIL, person.leaves):
        moment = daytime(rng, day)
        if person.joined < moment < UNTIL - timedelta(hours=1):
            viewed = basket(person, [])
            steps = [("product_view", p) for p in viewed]
            chance = rng.random()
            if chance < 0.25:
                steps.insert(0, ("category_view", None))
            elif chance < 0.50:
                steps.append(("add_to_cart", viewed[-1]))
            rows["web_events"].extend(visits.session(moment, steps, rng.random() < 0.6))
        day += timedelta(days=4 + 60 * rng.random())


def readings(person, rows):
    """The letters they were sent, and what they, or the machines between, did with them."""
    rng = person.rng
    mine = [c for c in rows["consent_events"] if c["purpose"] == "marketing"]
    since = [c["occurred_at"] for c in mine if c["status"] in ("granted", "confirmed")]
    until = [c["occurred_at"] for c in mine if c["status"] == "withdrawn"]
    for week, (day, campaign, experiment, hero) in enumerate(CAMPAIGNS):
        sent = datetime.fromisoformat(day) + timedelta(hours=8, seconds=7 * person.number)
        if not since or sent < since[0] or (until and sent > until[0]):
            continue
        message_id = f"m-{week:02d}-{person.number:03d}"
        variant = person.variant_id if experiment else None

        def event(event_type, moment, message_id=message_id, variant=variant, campaign=campaign,
                  experiment=experiment, **more):  # fmt: skip
            return {
                "event_id": f"{message_id}-{event_type[:2]}",
                "occurred_at": moment,
                "event_type": event_type,
                "email": person.email,
                "campaign_id": campaign,
                "message_id": message_id,
                "experiment_id": experiment,
                "variant_id": variant,
            } | more

        delivered = sent + timedelta(seconds=2)
        rows["email_events"].append(event("send", sent))
        if rng.random() < 0.004:
            rows["email_events"].append(event("soft_bounce", delivered))
            continue
        rows["email_events"].append(event("delivered", delivered))
        if person.proxy == APPLE_PROXY:
            opened = delivered + timedelta(seconds=1)
            rows["email_events"].append(event("open", opened, user_agent=APPLE_PROXY))
        elif rng.random() < person.reads:
            opened = delivered + timedelta(minutes=3 + int(rng.random() * 900))
            agent = person.proxy or person.browser
            rows["email_events"].append(event("open", opened, user_agent=agent))
        if rng.random() < CLICK_SHARE[variant] * (0.5 + person.reads / 0.85):
            product = hero if rng.random() < 0.6 else basket(person, [])[0]
            rows["email_events"].append(
                event(
                    "click",
                    delivered + timedelta(minutes=5 + int(rng.random() * 900)),
                    product_id=product,
                    slot="hero" if product == hero else "showcase",
                    url=f"https://shop.example/p/{product}",
                    user_agent=person.browser,
                )
            )


def crowd(seed):
    """Every row of the crowd, by input table."""
    tables = ["customers", "consent_events", "orders", "order_lines", "web_events", "email_events"]
    everybody = {table: [] for table in [*tables, "audience_segments"]}
    for number in range(PEOPLE):
        person = Person(number, seed)
        rows = {table: [] for table in tables}
        rows["customers"] = list(customers(person))
        rows["consent_events"] = list(consent_events(person))
        shopping(person, rows)
        readings(person, rows)
        for table in tables:
            everybody[table] += rows[table]
        if person.rng.random() < 0.25:
            everybody["audience_segments"].append(
                {
                    "provider": "northdata",
                    "segment": {
                        "espresso": "home barista",
                        "filter": "slow coffee",
                        "tea": "tea lover",
                        "kitchen": "home baker",
                    }[person.taste],
                    "email": person.email,
                    "score": round(0.5 + 0.5 * person.rng.random(), 2),
                    "valid_from": "2026-02-01 00:00:00",
                    "valid_to": "2026-08-01 00:00:00",
                }
            )
    return everybody
