"""The hard cases, written by hand: what happened, and what must come of it.

Each case begins with `c.case(title, outcome)`. The rows that follow belong to it, `c.expect` says
what the build must make of a person, `c.expect_row` what it must make of a row. People whose e-mail
is not the point get one that is read off their id. A person who turns out to be held out of all
mail (5 % are, by a hash) needs another id: replace it in this file and run tools/make_demo.py.
"""

from demo_shop.casebook import Cases, address, changed
from demo_shop.crowd import APPLE_PROXY, BROWSERS, GOOGLE_PROXY
from demo_shop.rows import at, hours_before

LATER = {"created_at": at("2025-12-01 09:00"), "updated_at": at("2025-12-01 09:00")}
EARLIER = {"created_at": at("2025-10-01 09:00"), "updated_at": at("2025-10-01 09:00")}
WRONG_TOTAL = {"day": ("shop", "2026-03-15"), "orders": 3, "amount": 120.0}

# Laid out by hand, one sentence a line.
# fmt: off


def identity(c):
    """Who is the same person."""
    c.case("shared family mailbox",
        "two people by first name; the one who was there first is written to")
    c.person("case-family-anna", "Anna", "Keller", email="keller.family@case.example", **EARLIER)
    c.person("case-family-bernd", "Bernd", "Keller", email="keller.family@case.example", **LATER)
    c.expect("case-family-anna", "in_audience")
    c.expect("case-family-bernd", "shared_mailbox", different_profile_from="case-family-anna")

    c.case("same name and mailbox, other birth date",
        "two people by birth date; the one who was there first is written to")
    c.person("case-karl-senior", "Karl", "Ziegler", email="ziegler@case.example",
        birth_date="1951-03-02", **EARLIER)
    c.person("case-karl-junior", "Karl", "Ziegler", email="ziegler@case.example",
        birth_date="1984-09-17", **LATER)
    c.expect("case-karl-senior", "in_audience")
    c.expect("case-karl-junior", "shared_mailbox", different_profile_from="case-karl-senior")

    c.case("one person in three systems", "one profile, by e-mail and by phone")
    c.account("case-three-crm", "Rosa", "Lindner", "rosa.lindner@case.example", "crm",
        phone="+49 171 3920010")
    c.person("case-three-shop", "Rosa", "Lindner", email="rosa.lindner@case.example")
    c.account("case-three-pos", "Rosa", "Lindner", None, "pos", phone="0049 171 3920010")
    c.expect("case-three-shop", "in_audience")
    c.expect("crm|case-three-crm", "in_audience", same_profile_as="case-three-shop")
    c.expect("pos|case-three-pos", "in_audience", same_profile_as="case-three-shop")

    c.case("phone in differing formats", "one profile: the numbers are the same digits")
    c.person("case-phone-shop", "Petra", "Nowak", phone="+49 171 3920001")
    c.account("case-phone-pos", "Petra", "Nowak", None, "pos", phone="0049 (171) 392-0001")
    c.expect("case-phone-shop", "in_audience")
    c.expect("pos|case-phone-pos", "in_audience", same_profile_as="case-phone-shop")

    c.case("one id in two systems", "two people: an id means nothing without its system")
    c.person("case-same-id", "Sonja", "Arndt", email="sonja.arndt@case.example")
    c.person("case-same-id", "Timo", "Becker", email="timo.becker@case.example", system="crm")
    c.expect("case-same-id", "in_audience")
    c.expect("crm|case-same-id", "in_audience", different_profile_from="case-same-id")

    c.case("a couple with one landline", "two people by first name, both are written to")
    c.person("case-landline-ulf", "Ulf", "Petersen", phone="+49 561 9999001")
    c.person("case-landline-vera", "Vera", "Petersen", phone="+49 561 9999001")
    c.expect("case-landline-ulf", "in_audience")
    c.expect("case-landline-vera", "in_audience", different_profile_from="case-landline-ulf")

    c.case("cookie before login", "what the visitor did before logging in belongs to the account")
    c.person("case-login", "Mila", "Sander")
    c.visit(at("2026-04-20 18:00"), "product_view", "brew-kettle", "cookie-login")
    c.visit(at("2026-04-20 18:02"), "product_view", "brew-dripper", "cookie-login")
    c.visit(at("2026-04-20 18:05"), "page_view", None, "cookie-login", "case-login")
    c.expect("case-login", "in_audience", interested_in="brew-kettle")
    c.expect("cookie-login", "in_audience", same_profile_as="case-login")

    c.case("one cookie, two people", "a shared computer does not join its users")
    c.person("case-cookie-sister", "Thea", "Albers")
    c.person("case-cookie-brother", "Nils", "Albers")
    c.visit(at("2026-04-11 15:00"), "product_view", "cup-mug", "cookie-two", "case-cookie-sister")
    c.visit(at("2026-04-12 16:00"), "product_view", "kit-loaf", "cookie-two", "case-cookie-brother")
    c.visit(at("2026-04-13 17:00"), "product_view", "kit-proof", "cookie-two")
    c.expect("case-cookie-sister", "in_audience", interested_in="cup-mug",
        not_interested_in="kit-proof")
    c.expect("case-cookie-brother", "in_audience", different_profile_from="case-cookie-sister",
        interested_in="kit-loaf", not_interested_in="cup-mug")

    c.case("a visitor who never logs in", "a profile without permission")
    c.visit(at("2026-04-25 12:00"), "product_view", "bean-house", "cookie-visitor")
    c.expect("cookie-visitor", "no_consent")

    c.case("junk phone 0000000000", "four strangers stay four profiles, nameless ones too")
    for customer_id, first_name in [
        ("case-junk-olga", "Olga"),
        ("case-junk-ralf", "Ralf"),
        ("case-junk-nameless-1", None),
        ("case-junk-nameless-2", None),
    ]:
        c.person(customer_id, first_name, None, phone="0000000000")
    c.expect("case-junk-olga", "in_audience")
    c.expect("case-junk-ralf", "in_audience", different_profile_from="case-junk-olga")
    c.expect("case-junk-nameless-1", "in_audience", different_profile_from="case-junk-olga")
    c.expect("case-junk-nameless-2", "in_audience", different_profile_from="case-junk-nameless-1")

    c.case("placeholder e-mail none@none.example", "nameless customers of the till stay apart")
    for number in (1, 2, 3):
        c.account(f"case-none-{number}", None, None, "none@none.example", "pos")
        c.expect(f"pos|case-none-{number}", "no_consent",
            different_profile_from=f"pos|case-none-{number % 3 + 1}")

    c.case("one e-mail typed for everybody", "more than ten holders: it joins nobody")
    for number in range(1, 13):
        c.account(f"case-till-{number:02d}", None, None, "till@case.example", "pos")
        c.expect(f"pos|case-till-{number:02d}", "no_consent",
            different_profile_from=f"pos|case-till-{number % 12 + 1:02d}")

    c.case("accents, apostrophes, capitals and blanks", "one profile in spite of the spelling")
    c.person("case-zoe-shop", "Zoë", "O'Connor-Müller", email="zoe.oconnor@case.example")
    c.account("case-zoe-crm", "ZOE", "O’Connor-Müller", "  Zoe.OConnor@Case.Example ", "crm")
    c.expect("case-zoe-shop", "in_audience")
    c.expect("crm|case-zoe-crm", "in_audience", same_profile_as="case-zoe-shop")

    c.case("a new e-mail address",
        "the newest version up to as_of counts, the one of tomorrow does not")
    c.person("case-moved", "Helga", "Reuter", email="helga.old@case.example")
    for updated_at, email in [
        (at("2026-03-01 10:00"), "helga.new@case.example"),
        (at("2026-05-02 10:00"), "helga.tomorrow@case.example"),
    ]:
        c.account("case-moved", "Helga", "Reuter", email, updated_at=updated_at)
    c.expect("case-moved", "in_audience")
    c.expect("helga.new@case.example", "in_audience", same_profile_as="case-moved")
    c.expect("helga.tomorrow@case.example", "no_profile")

    c.case("a customer of tomorrow", "not there yet")
    c.account("case-tomorrow", "Ludger", "Paulsen", address("case-tomorrow"),
        created_at=at("2026-05-02 10:00"), updated_at=at("2026-05-02 10:00"))
    c.expect("case-tomorrow", "no_profile")
    c.expect(address("case-tomorrow"), "no_profile")

    c.case("an address that changes hands",
        "two people, each is written to at the address of today")
    c.person("case-hands-ada", "Ada", "Simon", email="simon@case.example")
    c.account("case-hands-ada", "Ada", "Simon", "ada.simon@case.example",
        updated_at=at("2026-02-01 10:00"))
    c.person("case-hands-ben", "Ben", "Simon", email="simon@case.example",
        created_at=at("2026-03-01 10:00"), updated_at=at("2026-03-01 10:00"))
    c.expect("case-hands-ada", "in_audience")
    c.expect("case-hands-ben", "in_audience", different_profile_from="case-hands-ada")
    c.expect("simon@case.example", "in_audience", same_profile_as="case-hands-ben")

    c.case("an account the customers table does not know",
        "a profile of its own, without permission")
    c.order("case-order-unknown-account", "case-unknown-account", at("2026-03-08 11:00"), "cup-mug")
    c.expect("case-unknown-account", "no_consent")

    c.case("guest orders by e-mail only", "a profile each; the one who agreed is written to")
    for name in ("silent", "willing"):
        c.order(f"case-order-guest-{name}", None, at("2026-04-02 20:00"), "tea-sencha",
            email=f"guest.{name}@case.example")
    c.consent(None, "confirmed", at("2026-04-02 20:01"), email="guest.willing@case.example")
    c.expect("guest.silent@case.example", "no_consent")
    c.expect("guest.willing@case.example", "in_audience", can_personalize="false")

    c.case("an order that names nobody", "kept and counted as sold, nobody's purchase")
    c.order("case-order-nobody", None, at("2026-03-20 10:30"), "bean-house", source_system="pos")
    c.expect_row("orders", "case-order-nobody", "kept")


def consent(c):
    """What we may do."""
    c.case("no evidence", "no mail")
    c.account("case-silent", "Doris", "Weber", address("case-silent"))
    c.expect("case-silent", "no_consent", can_personalize="false")

    c.case("consent to text messages only", "no e-mail")
    c.account("case-sms-only", "Gero", "Lang", address("case-sms-only"))
    c.consent("case-sms-only", channel="sms")
    c.expect("case-sms-only", "no_consent")

    c.case("opt-in and opt-out in the same second", "the opt-out wins")
    c.person("case-tie", "Ines", "Bauer")
    c.consent("case-tie", "withdrawn", at("2026-02-01 12:00"), "case-tie-out")
    c.consent("case-tie", "granted", at("2026-02-01 12:00"), "case-tie-in")
    c.expect("case-tie", "no_consent")

    c.case("double opt-in never confirmed", "no mail")
    c.account("case-pending", "Jana", "Kunz", address("case-pending"))
    c.consent("case-pending", "pending", at("2026-03-05 12:00"), "case-pending-1")
    c.expect("case-pending", "no_consent")

    c.case("pending after a grant", "the grant stays")
    c.person("case-pending-after", "Kurt", "Lorch")
    c.consent("case-pending-after", "pending", at("2026-03-05 12:00"), "case-pending-after-1")
    c.expect("case-pending-after", "in_audience")

    c.case("unsubscribed", "suppressed")
    c.person("case-unsubscribed", "Lars", "Metz")
    unsubscribe(c, "case-unsubscribed", at("2026-02-10 09:00"))
    c.expect("case-unsubscribed", "suppressed")

    c.case("unsubscribed in the second of the confirmation", "suppressed: it is not later")
    c.person("case-confirmed-tie", "Lutz", "Moll")
    unsubscribe(c, "case-confirmed-tie", at("2026-02-10 09:00"))
    c.consent("case-confirmed-tie", "confirmed", at("2026-02-10 11:01"), "case-confirmed-tie-1")
    c.expect("case-confirmed-tie", "suppressed")

    c.case("confirmed, then unsubscribed", "suppressed")
    c.account("case-confirmed-before", "Marek", "Novy", address("case-confirmed-before"))
    c.consent("case-confirmed-before", "pending", at("2026-01-10 09:00"))
    c.consent("case-confirmed-before", "confirmed", at("2026-01-10 09:30"),
        "case-confirmed-before-1")
    unsubscribe(c, "case-confirmed-before", at("2026-02-10 09:00"))
    c.expect("case-confirmed-before", "suppressed")

    c.case("unsubscribed from a shared mailbox", "binds both who hold the address")
    c.person("case-shared-unsubscribe-jo", "Jo", "Kamp", email="kamp@case.example")
    c.person("case-shared-unsubscribe-lu", "Lu", "Kamp", email="kamp@case.example")
    unsubscribe(c, "case-shared-unsubscribe", at("2026-02-10 09:00"), "kamp@case.example")
    c.expect("case-shared-unsubscribe-jo", "suppressed")
    c.expect("case-shared-unsubscribe-lu", "suppressed",
        different_profile_from="case-shared-unsubscribe-jo")

    c.case("an old address that bounced", "written to at the new one")
    c.person("case-bounced-before", "Nadja", "Orth", email="nadja.old@case.example")
    c.account("case-bounced-before", "Nadja", "Orth", "nadja.new@case.example",
        updated_at=at("2026-03-01 10:00"))
    c.letter("case-bounced-before-letter", "nadja.old@case.example", at("2026-02-20 08:00"),
        ("hard_bounce", at("2026-02-20 08:01"), {}))
    c.expect("case-bounced-before", "in_audience")

    c.case("unsubscribed at an old address", "suppressed: it is the person who does not want mail")
    c.person("case-unsubscribed-before", "Oliver", "Pape", email="oliver.old@case.example")
    c.account("case-unsubscribed-before", "Oliver", "Pape", "oliver.new@case.example",
        updated_at=at("2026-03-01 10:00"))
    unsubscribe(c, "case-unsubscribed-before", at("2026-02-10 09:00"), "oliver.old@case.example")
    c.expect("case-unsubscribed-before", "suppressed")

    c.case("unsubscribed, then confirmed by double opt-in", "readmitted")
    c.person("case-confirmed-again", "Maren", "Noll")
    unsubscribe(c, "case-confirmed-again", at("2026-02-10 09:00"))
    c.consent("case-confirmed-again", "pending", at("2026-02-20 09:00"))
    c.consent("case-confirmed-again", "confirmed", at("2026-02-20 09:30"), "case-confirmed-again-1")
    c.expect("case-confirmed-again", "in_audience")

    c.case("unsubscribed, then granted without a confirmation", "stays suppressed")
    c.person("case-granted-again", "Norbert", "Ott")
    unsubscribe(c, "case-granted-again", at("2026-02-10 09:00"))
    c.consent("case-granted-again", "granted", at("2026-02-20 09:00"), "case-granted-again-1")
    c.expect("case-granted-again", "suppressed")

    c.case("hard bounce, complaint, soft bounce", "the first two are suppressed, the third is not")
    for kind, first_name, exclusion in [
        ("hard_bounce", "Otto", "suppressed"),
        ("complaint", "Pia", "suppressed"),
        ("soft_bounce", "Quirin", "in_audience"),
    ]:
        customer_id = f"case-{kind.replace('_', '-')}"
        c.person(customer_id, first_name, "Pfeiffer")
        sent_at = at("2026-03-12 08:00")
        c.letter(f"{customer_id}-letter", address(customer_id), sent_at,
            (kind, at("2026-03-12 08:09"), {}))
        c.expect(customer_id, exclusion)

    c.case("opt-out by address alone", "binds both who hold the address")
    c.person("case-address-carla", "Carla", "Roth", email="roth@case.example")
    c.person("case-address-dirk", "Dirk", "Roth", email="roth@case.example")
    c.consent(None, "withdrawn", at("2026-03-15 12:00"), "case-address-out",
        email="roth@case.example")
    c.expect("case-address-carla", "no_consent")
    c.expect("case-address-dirk", "no_consent", different_profile_from="case-address-carla")

    c.case("opt-out by account alone", "binds that account, not the other at the mailbox")
    c.person("case-account-emma", "Emma", "Stein", email="stein@case.example")
    c.person("case-account-fritz", "Fritz", "Stein", email="stein@case.example")
    c.consent("case-account-emma", "withdrawn", at("2026-03-15 12:00"), "case-account-out")
    c.expect("case-account-emma", "no_consent")
    c.expect("case-account-fritz", "in_audience", different_profile_from="case-account-emma")

    c.case("consent with an end", "ends on that day")
    for customer_id, first_name, expires_at, exclusion in [
        ("case-expired", "Rita", at("2026-04-01 00:00"), "no_consent"),
        ("case-not-yet-expired", "Sven", at("2026-12-31 00:00"), "in_audience"),
    ]:
        c.account(customer_id, first_name, "Thoma", address(customer_id))
        c.consent(customer_id, expires_at=expires_at)
        c.expect(customer_id, exclusion, can_personalize="false")

    c.case("consent that the system calls expired", "has ended")
    c.person("case-called-expired", "Thekla", "Urban")
    c.consent("case-called-expired", "expired", at("2026-04-01 00:00"), "case-called-expired-1")
    c.expect("case-called-expired", "no_consent")

    c.case("decided after as_of", "no effect yet, in either direction")
    c.account("case-grants-tomorrow", "Tanja", "Ulmer", address("case-grants-tomorrow"))
    c.consent("case-grants-tomorrow", "granted", at("2026-05-02 08:00"), "case-tomorrow-in")
    c.person("case-withdraws-tomorrow", "Udo", "Voss")
    c.consent("case-withdraws-tomorrow", "withdrawn", at("2026-05-02 08:00"), "case-tomorrow-out")
    c.expect("case-grants-tomorrow", "no_consent")
    c.expect("case-withdraws-tomorrow", "in_audience")
    c.expect_row("consent_events", "case-tomorrow-in", "later")
    c.expect_row("consent_events", "case-tomorrow-out", "later")

    c.case("marketing without personalization", "the same letter for everybody")
    c.account("case-impersonal", "Wanda", "Zorn", address("case-impersonal"))
    c.consent("case-impersonal")
    c.order("case-order-impersonal", "case-impersonal", at("2026-03-03 19:00"), "tea-matcha",
        "brew-whisk")
    c.visit(hours_before(10), "add_to_cart", "tea-assam", None, "case-impersonal")
    c.expect("case-impersonal", "in_audience", can_personalize="false",
        unexpected_trigger="cart_abandonment", not_interested_in="tea-matcha")

    c.case("personalization denied after a history", "written to, the history is not used")
    c.person("case-no-more-personal", "Xaver", "Adler")
    c.order("case-order-no-more", "case-no-more-personal", at("2026-02-03 19:00"), "brew-moka",
        "bean-napoli")
    c.consent("case-no-more-personal", "denied", at("2026-04-01 12:00"), "case-no-more-1",
        purpose="personalization")
    c.expect("case-no-more-personal", "in_audience", can_personalize="false")

    c.case("personalization without marketing", "no mail")
    c.account("case-only-personal", "Yannik", "Blum", address("case-only-personal"))
    c.consent("case-only-personal", purpose="personalization")
    c.expect("case-only-personal", "no_consent")

    c.case("no address to write to", "no_email, and an impossible address is none")
    c.person("case-no-email", "Zita", "Conrad", email=None)
    c.person("case-two-ats", "Arno", "Decker", email="arno@@case.example")
    c.person("case-no-dot", "Berta", "Ebert", email="berta@localhost")
    c.expect("case-no-email", "no_email", can_personalize="true")
    c.expect("case-two-ats", "no_email", can_personalize="true")
    c.expect("case-no-dot", "no_email", can_personalize="true")

    c.case("times with an offset", "compared as UTC: 12:00+02:00 lies before 10:30Z")
    c.person("case-offset-in", "Cora", "Fink")
    c.consent("case-offset-in", "withdrawn", "2026-03-01T12:00:00+02:00", "case-offset-in-1")
    c.consent("case-offset-in", "granted", "2026-03-01T10:30:00Z", "case-offset-in-2")
    c.person("case-offset-out", "Dana", "Graf")
    c.consent("case-offset-out", "withdrawn", "2026-05-01T07:30:00+02:00", "case-offset-out-1")
    c.expect("case-offset-in", "in_audience")
    c.expect("case-offset-out", "no_consent")
    c.expect_row("consent_events", "case-offset-out-1", "kept")


def unsubscribe(c, customer_id, sent_at, email=None):
    """A letter and, two hours later, its unsubscribe link."""
    opened = sent_at.replace(hour=sent_at.hour + 2)
    c.letter(f"{customer_id}-letter", email or address(customer_id), sent_at,
        ("open", opened, {"user_agent": BROWSERS[2]}),
        ("unsubscribe", opened.replace(minute=1), {"user_agent": BROWSERS[2]}))


def privacy(c):
    """What people asked of us."""
    c.case("restriction", "restricted")
    c.person("case-restricted", "Edda", "Hahn")
    c.request("restriction", at("2026-03-18 10:00"), "case-restricted-1", "case-restricted")
    c.expect("case-restricted", "restricted")

    c.case("objection", "no consent, and a grant without confirmation does not end it")
    c.person("case-objected", "Falk", "Jung")
    c.request("objection", at("2026-03-18 10:00"), "case-objected-1", "case-objected")
    c.person("case-objected-granted", "Gesa", "Kern")
    c.request("objection", at("2026-03-18 10:00"), "case-objected-2", "case-objected-granted")
    c.consent("case-objected-granted", "granted", at("2026-04-10 10:00"))
    c.expect("case-objected", "no_consent")
    c.expect("case-objected-granted", "no_consent")

    c.case("objection, later confirmed", "readmitted")
    c.person("case-objected-confirmed", "Heike", "Loos")
    c.request("objection", at("2026-03-18 10:00"), "case-objected-3", "case-objected-confirmed")
    for purpose in ("marketing", "personalization"):
        c.consent("case-objected-confirmed", "pending", at("2026-04-10 10:00"), purpose=purpose)
        c.consent("case-objected-confirmed", "confirmed", at("2026-04-10 10:20"), purpose=purpose)
    c.expect("case-objected-confirmed", "in_audience")

    c.case("access request", "no effect on the mail")
    c.person("case-access", "Ivo", "Marx")
    c.request("access", at("2026-03-18 10:00"), "case-access-1", "case-access")
    c.expect("case-access", "in_audience")

    c.case("opt-out of sale with a bought segment",
        "written to, the segment is not used; without the opt-out it may be")
    c.person("case-not-for-sale", "Kira", "Nagel")
    c.consent("case-not-for-sale", purpose="third_party_data")
    c.add("audience_segments", provider="northdata", segment="home barista", source_system="shop",
        source_customer_id="case-not-for-sale", score=0.91, valid_from=at("2026-02-01 00:00"),
        valid_to=at("2026-08-01 00:00"))
    c.request("opt_out_of_sale", at("2026-04-01 10:00"), "case-not-for-sale-1", "case-not-for-sale")
    c.expect("case-not-for-sale", "in_audience", can_use_third_party="false")
    c.person("case-for-sale", "Leif", "Ohm")
    c.consent("case-for-sale", purpose="third_party_data")
    c.expect("case-for-sale", "in_audience", can_use_third_party="true")

    c.case("erasure, then a new import",
        "refused: no identifier is left, neither account nor address")
    c.person("case-erased-import", "Lore", "Opitz")
    c.order("case-order-erased-import", "case-erased-import", at("2026-02-05 12:00"), "cup-tea")
    c.letter("case-erased-letter", address("case-erased-import"), at("2026-02-20 08:00"))
    c.request("erasure", at("2026-03-10 10:00"), "case-erased-import-1", "case-erased-import")
    c.account("case-erased-import", "Lore", "Opitz", address("case-erased-import"),
        updated_at=at("2026-04-01 03:00"))
    c.expect(address("case-erased-import"), "no_profile")
    c.expect_erased("case-erased-import")

    c.case("erasure by address alone", "the account of the address goes as well")
    c.person("case-erased-address", "Max-Otto", "Quast")
    c.order("case-order-erased-address", "case-erased-address", at("2026-02-06 12:00"), "cup-glass")
    c.request("erasure", at("2026-03-10 11:00"), "case-erased-address-1",
        email=address("case-erased-address"))
    c.expect(address("case-erased-address"), "no_profile")
    c.expect_erased("case-erased-address")

    c.case("erasure dated after as_of", "holds at once")
    c.person("case-erased-tomorrow", "Nele", "Rupp")
    c.request("erasure", at("2026-05-20 10:00"), "case-erased-tomorrow-1", "case-erased-tomorrow",
        address("case-erased-tomorrow"))
    c.expect(address("case-erased-tomorrow"), "no_profile")
    c.expect_erased("case-erased-tomorrow")

    c.case("erasure, then a request for consent", "refused: nobody has confirmed it")
    c.person("case-erased-pending", "Olaf", "Stumm")
    c.request("erasure", at("2026-03-10 12:00"), "case-erased-pending-1", "case-erased-pending")
    c.consent("case-erased-pending", "pending", at("2026-03-20 12:00"), "case-erased-pending-2")
    c.expect(address("case-erased-pending"), "no_profile")
    c.expect_erased("case-erased-pending")

    c.case("erasure and consent in the same second", "refused: the consent is not newer")
    c.person("case-erased-tie", "Pavel", "Tesch")
    c.request("erasure", at("2026-03-10 12:00"), "case-erased-tie-1", "case-erased-tie")
    c.consent("case-erased-tie", "granted", at("2026-03-10 12:00"), "case-erased-tie-2")
    c.expect(address("case-erased-tie"), "no_profile")
    c.expect_erased("case-erased-tie")

    c.case("erasure of one of two at a mailbox", "the other one stays, with the address")
    c.person("case-erased-half", "Rainer", "Wolters", email="wolters@case.example")
    c.person("case-kept-half", "Sabine", "Wolters", email="wolters@case.example")
    c.request("erasure", at("2026-03-10 12:00"), "case-erased-half-1", "case-erased-half")
    c.expect_erased("case-erased-half")
    c.expect("case-kept-half", "in_audience")
    c.expect("wolters@case.example", "in_audience", same_profile_as="case-kept-half")

    c.case("erasure of a person with a junk phone", "the strangers who gave the same number stay")
    c.person("case-erased-junk", "Uwe", "Zander", phone="0000000000")
    c.request("erasure", at("2026-03-10 12:00"), "case-erased-junk-1", "case-erased-junk")
    c.expect_erased("case-erased-junk")
    c.expect("case-junk-nameless-1", "in_audience")

    c.case("erasure, then a newer consent", "readmitted with what came after it")
    c.person("case-returned", "Oda", "Sachs")
    c.order("case-order-returned-old", "case-returned", at("2026-01-20 12:00"), "brew-espresso")
    c.request("erasure", at("2026-02-15 10:00"), "case-returned-1", "case-returned",
        address("case-returned"))
    c.account("case-returned", "Oda", "Sachs", address("case-returned"),
        updated_at=at("2026-03-20 10:00"))
    for purpose in ("marketing", "personalization"):
        c.consent("case-returned", "granted", at("2026-03-20 10:01"), purpose=purpose,
            email=address("case-returned"))
    c.order("case-order-returned-new", "case-returned", at("2026-04-02 12:00"), "tea-assam")
    c.expect("case-returned", "in_audience", order_count=1, interested_in="tea-assam",
        not_interested_in="brew-espresso")


def unusable_rows(c):
    """Rows that cannot be read, and what they do to the people they name."""
    c.case("an unusable row that names a person", "rejected, and that person's mail stops")
    c.person("case-bad-status", "Paula", "Timm")
    c.consent("case-bad-status", "optout", at("2026-03-01 10:00"), "case-bad-status-1")
    c.person("case-bad-time", "Rolf", "Uhl")
    c.consent("case-bad-time", "withdrawn", "31.02.2026 25:61", "case-bad-time-1")
    c.person("case-year-one", "Silke", "Veit")
    c.consent("case-year-one", "granted", "0001-01-01 00:00:00", "case-year-one-1")
    c.person("case-no-key", "Toni", "Wolff")
    c.consent("case-no-key", "withdrawn", at("2026-03-01 10:00"), event_id=None)
    c.person("case-bad-event", "Ursel", "Zahn")
    c.add("email_events", "case-bad-event-1", event_id="case-bad-event-1",
        occurred_at=at("2026-03-01 10:00"), event_type="opend", email=address("case-bad-event"))
    c.person("case-bad-request", "Volker", "Amann")
    c.request("erasre", at("2026-03-01 10:00"), "case-bad-request-1", "case-bad-request")
    c.expect_row("consent_events", "case-bad-status-1", "rejected", "unknown status")
    c.expect_row("consent_events", "case-bad-time-1", "rejected", "unparseable occurred_at")
    c.expect_row("consent_events", "case-year-one-1", "rejected", "impossible occurred_at")
    c.expect_row("consent_events", None, "rejected", "missing event_id")
    c.expect_row("email_events", "case-bad-event-1", "rejected", "unknown event_type")
    c.expect_row("privacy_requests", "case-bad-request-1", "rejected", "unknown request_type")
    for customer_id in (
        "case-bad-status", "case-bad-time", "case-year-one", "case-no-key", "case-bad-event",
        "case-bad-request",
    ):
        c.expect(customer_id, "suppressed")

    c.case("an unusable row that names nobody", "rejected, and nothing else")
    c.consent(None, "withdrawn", at("2026-03-01 10:00"), "case-names-nobody")
    c.consent(None, "withdrawn", at("2026-03-01 10:00"), "case-names-noise", email="a@b@c")
    c.expect_row("consent_events", "case-names-nobody", "rejected", "names nobody")
    c.expect_row("consent_events", "case-names-noise", "rejected", "impossible email")

    c.case("the same consent twice", "one is rejected as a duplicate, the mail goes on")
    c.person("case-twice", "Wibke", "Bach")
    for _ in range(2):
        c.consent("case-twice", "granted", at("2026-03-01 10:00"), "case-twice-1")
    c.expect("case-twice", "in_audience")
    c.expect_row("consent_events", "case-twice-1", "kept")
    c.expect_row("consent_events", "case-twice-1", "rejected", "duplicate event_id")

    c.case("one id as opt-in and as opt-out", "the opt-out is kept")
    c.person("case-both-ways", "Yella", "Claus")
    c.consent("case-both-ways", "withdrawn", at("2026-03-01 10:00"), "case-both-ways-1")
    c.consent("case-both-ways", "granted", at("2026-03-02 10:00"), "case-both-ways-1")
    c.expect("case-both-ways", "no_consent")

    c.case("one id that names two people",
        "the opt-out is kept, and the other one's mail stops as well")
    c.person("case-one-id-gina", "Gina", "Dorn")
    c.person("case-one-id-hugo", "Hugo", "Ernst")
    c.consent("case-one-id-gina", "withdrawn", at("2026-03-01 10:00"), "case-one-id")
    c.consent("case-one-id-hugo", "granted", at("2026-03-01 10:00"), "case-one-id")
    c.expect("case-one-id-gina", "no_consent")
    c.expect("case-one-id-hugo", "suppressed")

    c.case("rows that cannot be used", "rejected with a reason")
    c.account(None, "Keyless", "Customer", "keyless@case.example")
    c.add("products", "case-no-title", product_id="case-no-title", price="9.90", currency="EUR",
        is_available="true")
    c.order("case-order-yesterday", "case-silent", "yesterday", "cup-mug")
    c.order("case-order-year-one", "case-silent", "0001-01-01 00:00:00", "cup-mug")
    c.order(None, "case-silent", at("2026-03-02 10:00"), "cup-mug")
    c.visit(at("2026-03-02 10:00"), "product_veiw", "cup-mug", None, "case-silent",
        event_id="case-web-typo")
    c.visit(at("2026-03-02 10:00"), "product_view", "cup-mug", None, "case-silent", event_id=None)
    for _ in range(2):
        c.visit(at("2026-03-02 10:05"), "product_view", "cup-tea", None, "case-silent",
            event_id="case-web-twice")
    c.add("email_events", "case-email-noise", event_id="case-email-noise", event_type="open",
        occurred_at=at("2026-03-02 10:00"), email="not an address")
    c.expect("keyless@case.example", "no_profile")
    c.expect_row("customers", None, "rejected", "missing source_customer_id")
    c.expect_row("products", "case-no-title", "rejected", "missing title")
    c.expect_row("orders", "case-order-yesterday", "rejected", "unparseable ordered_at")
    c.expect_row("orders", "case-order-year-one", "rejected", "impossible ordered_at")
    c.expect_row("orders", None, "rejected", "missing order_id")
    c.expect_row("order_lines", "case-order-yesterday:1", "rejected", "rejected order_id")
    c.expect_row("web_events", "case-web-typo", "rejected", "unknown event_type")
    c.expect_row("web_events", None, "rejected", "missing event_id")
    c.expect_row("web_events", "case-web-twice", "kept")
    c.expect_row("web_events", "case-web-twice", "rejected", "duplicate event_id")
    c.expect_row("email_events", "case-email-noise", "rejected", "impossible email")


def shopping(c):
    """Orders and products."""
    c.case("a product the catalogue does not know",
        "the line is kept, the product is never recommended")
    c.person("case-unknown-product", "Alma", "Faber")
    c.order("case-order-unknown-product", "case-unknown-product", at("2026-04-04 12:00"),
        "no-such-product")
    c.expect("case-unknown-product", "in_audience", not_recommended="no-such-product")
    c.expect_row("order_lines", "case-order-unknown-product:1", "kept")

    c.case("order lines that cannot be used", "rejected")
    for order_id, quantity in [("case-no-such-order", 1), ("case-order-unknown-product", "two")]:
        c.add("order_lines", f"{order_id}:2", order_id=order_id, line_number=2,
            product_id="cup-mug", quantity=quantity, unit_price=14.9)
    c.expect_row("order_lines", "case-no-such-order:2", "rejected", "unknown order_id")
    c.expect_row("order_lines", "case-order-unknown-product:2", "rejected", "unparseable quantity")

    c.case("an order of tomorrow", "neither it nor its lines count yet")
    c.order("case-order-tomorrow", "case-unknown-product", at("2026-05-02 10:00"), "kit-apron")
    c.expect_row("orders", "case-order-tomorrow", "later")
    c.expect_row("order_lines", "case-order-tomorrow:1", "later")

    c.case("a return", "the kettle was bought and came back")
    c.person("case-sent-back", "Bodo", "Geiger")
    c.order("case-order-sent-back-1", "case-sent-back", at("2026-03-02 12:00"), "brew-kettle",
        "bean-kenya")
    c.order("case-order-sent-back-2", "case-sent-back", at("2026-03-12 12:00"), ("brew-kettle", -1))
    c.expect("case-sent-back", "in_audience", order_count=1)

    c.case("a cancelled order", "not a purchase")
    c.person("case-cancelled", "Celia", "Hauser")
    c.order("case-order-cancelled", "case-cancelled", at("2026-04-06 12:00"), "brew-egrinder",
        status="cancelled")
    c.expect("case-cancelled", "in_audience", order_count=0, not_interested_in="brew-egrinder")

    c.case("a sold-out favourite", "bean-kenya, which many buy, is recommended to nobody")
    c.add("products", "bean-kenya",
        **changed("bean-kenya", "2026-04-27 08:00:00", is_available="false"))
    c.expect_product("bean-kenya", 14.9, "false")
    c.person("case-favourite", "Dietmar", "Ibel")
    for number, day in enumerate(["2026-01-15", "2026-02-12", "2026-03-12"], start=1):
        c.order(f"case-order-favourite-{number}", "case-favourite", at(f"{day} 18:00"),
            "bean-kenya")
    c.visit(at("2026-04-28 18:00"), "product_view", "bean-kenya", None, "case-favourite")
    c.expect("case-favourite", "in_audience", unexpected_trigger="browse_abandonment",
        not_recommended="bean-kenya")

    c.case("an unpriced product", "never recommended")
    c.add("products", "cup-prototype",
        **changed("cup-mug", "2026-04-01 08:00:00", product_id="cup-prototype", price=None,
            title="Stoneware Prototype", description="A shape we are still thinking about."))
    c.expect_product("cup-prototype", None, "false")
    c.person("case-unpriced", "Elke", "Janz")
    for day in ("2026-04-26", "2026-04-27", "2026-04-28"):
        c.visit(at(f"{day} 19:00"), "product_view", "cup-prototype", None, "case-unpriced")
    c.expect("case-unpriced", "in_audience", unexpected_trigger="browse_abandonment",
        not_recommended="cup-prototype")

    c.case("a replenishable good is due again", "recommended although it was bought 29 days ago")
    c.person("case-refill", "Frauke", "Klee")
    for number, day in enumerate(["2026-01-08", "2026-02-05", "2026-03-05", "2026-04-02"], start=1):
        c.order(f"case-order-refill-{number}", "case-refill", at(f"{day} 18:00"), "bean-ritmo")
    c.expect("case-refill", "in_audience", order_count=4, recommended="bean-ritmo")

    c.case("a durable thing bought ten days ago", "not recommended again")
    c.person("case-just-bought", "Gregor", "Lutz")
    c.order("case-order-just-bought", "case-just-bought", at("2026-04-21 18:00"), "brew-moka",
        "bean-napoli")
    c.expect("case-just-bought", "in_audience", not_recommended="brew-moka")

    c.case("a new product without a sale", "may be recommended")
    c.add("products", "tea-oolong",
        **changed("tea-sencha", "2026-04-28 08:00:00", product_id="tea-oolong", price="18.90",
            title="Spring Oolong 80 g", description="Half-oxidised, orchid and warm milk."))
    c.expect_product("tea-oolong", 18.9, "true")

    c.case("a price that changes",
        "kit-apron costs 42.00 since March; the 420.00 of tomorrow is not yet so")
    c.add("products", "kit-apron", **changed("kit-apron", "2026-03-01 08:00:00", price="42.00"))
    c.add("products", "kit-apron", **changed("kit-apron", "2026-05-03 08:00:00", price="420.00"))
    c.expect_product("kit-apron", 42.0, "true")

    c.case("a customer abroad", "an order in pounds is kept with its currency")
    c.person("case-abroad", "Imogen", "Kershaw", city="Leeds", country="GB", language="en",
        timezone="Europe/London")
    c.order("case-order-abroad", "case-abroad", at("2026-04-07 18:00"), "tea-earlgrey",
        currency="GBP")
    c.expect("case-abroad", "in_audience")
    c.expect_row("orders", "case-order-abroad", "kept")


def moments(c):
    """What a person did, or did not do, lately."""
    c.case("no history at all", "written to, with what is popular")
    c.person("case-no-history", "Hanno", "Mohr")
    c.expect("case-no-history", "in_audience", expected_trigger="none")

    c.case("lapsed", "the last order is 109 days old: the second stage of the win-back journey")
    c.person("case-lapsed", "Irma", "Nitsch")
    c.order("case-order-lapsed-1", "case-lapsed", at("2026-01-02 18:00"), "tea-mint")
    c.order("case-order-lapsed-2", "case-lapsed", at("2026-01-12 18:00"), "tea-mint",
        "cup-teaglass")
    c.expect("case-lapsed", "in_audience", expected_trigger="win_back.last_call")

    c.case("birthday today", "birthday; the one born on 29 February has to wait")
    c.person("case-birthday", "Jette", "Oehler", birth_date="1990-05-01")
    c.person("case-leap-day", "Knut", "Pabst", birth_date="1996-02-29")
    c.expect("case-birthday", "in_audience", expected_trigger="birthday")
    c.expect("case-leap-day", "in_audience", expected_trigger="none")

    c.case("cart left 10 hours ago", "cart abandonment")
    c.person("case-cart", "Lina", "Raabe")
    c.visit(hours_before(10.2), "product_view", "brew-server", "cookie-cart", "case-cart")
    c.visit(hours_before(10), "add_to_cart", "brew-server", "cookie-cart", "case-cart")
    c.expect("case-cart", "in_audience", expected_trigger="cart_abandonment")

    c.case("cart filled, then bought", "nothing was abandoned")
    c.person("case-cart-bought", "Malte", "Sievers")
    c.visit(hours_before(10), "add_to_cart", "brew-dripper", "cookie-bought", "case-cart-bought")
    c.order("case-order-cart-bought", "case-cart-bought", hours_before(9), "brew-dripper")
    c.expect("case-cart-bought", "in_audience", unexpected_trigger="cart_abandonment",
        not_recommended="brew-dripper")

    c.case("cart filled, then emptied", "nothing was abandoned")
    c.person("case-cart-emptied", "Nicola", "Thoms")
    c.visit(hours_before(10), "add_to_cart", "kit-scale", "cookie-emptied", "case-cart-emptied")
    c.visit(hours_before(9), "remove_from_cart", "kit-scale", "cookie-emptied", "case-cart-emptied")
    c.expect("case-cart-emptied", "in_audience", unexpected_trigger="cart_abandonment")

    c.case("cart filled half an hour ago", "still shopping: too early for a reminder")
    c.person("case-still-shopping", "Paul-Henri", "Vetter")
    c.visit(hours_before(0.5), "add_to_cart", "brew-scale", "cookie-still", "case-still-shopping")
    c.expect("case-still-shopping", "in_audience", unexpected_trigger="cart_abandonment")

    c.case("cart left again, three days after a reminder", "no second reminder within a week")
    c.person("case-reminded", "Rieke", "Wenzel")
    c.visit(hours_before(10), "add_to_cart", "kit-apron", "cookie-reminded", "case-reminded")
    c.letter("case-reminded-letter", address("case-reminded"), hours_before(72),
        campaign_id="cart_abandonment")
    c.expect("case-reminded", "in_audience", unexpected_trigger="cart_abandonment")

    c.case("cart left on the birthday", "one message wins: the cart")
    c.person("case-cart-birthday", "Selma", "Yildiz", birth_date="1988-05-01")
    c.visit(hours_before(12), "add_to_cart", "cup-tea", "cookie-birthday", "case-cart-birthday")
    c.expect("case-cart-birthday", "in_audience", expected_trigger="cart_abandonment",
        unexpected_trigger="birthday")

    c.case("viewed and not bought", "browse abandonment")
    c.person("case-browse", "Oskar", "Unger")
    for hours in (50, 49.9, 30):
        c.visit(hours_before(hours), "product_view", "brew-press", "cookie-browse", "case-browse")
    c.expect("case-browse", "in_audience", expected_trigger="browse_abandonment")

    c.case("weekly cap",
        "three letters in 168 hours are enough; the one of 169 hours ago does not count")
    for customer_id, first_name, oldest, exclusion in [
        ("case-capped", "Pelle", 167, "capped"),
        ("case-nearly-capped", "Ronja", 169, "in_audience"),
    ]:
        c.person(customer_id, first_name, "Vogt")
        for number, hours in enumerate((oldest, 90, 20), start=1):
            c.letter(f"{customer_id}-letter-{number}", address(customer_id), hours_before(hours))
        c.expect(customer_id, exclusion)

    c.case("machine opens and scanner clicks", "not counted: nobody has read these letters")
    c.person("case-machine", "Stine", "Wulf")
    for day, agent in [("2026-04-07", APPLE_PROXY), ("2026-04-14", GOOGLE_PROXY)]:
        c.letter(f"case-machine-{day}", address("case-machine"), at(f"{day} 08:00:00"),
            ("open", at(f"{day} 08:00:02"), {"user_agent": agent}))
    products = ["cup-mug", "kit-apron", "tea-mint", "food-jam", "bean-house", "kit-loaf"]
    clicks = [
        ("click", at("2026-04-21 08:00:04"),
         {"url": f"https://shop.example/p/{product}", "product_id": product})
        for product in products
    ]
    c.letter("case-machine-scanner", address("case-machine"), at("2026-04-21 08:00:00"), *clicks)
    c.expect("case-machine", "in_audience", opens_90d=0, clicks_90d=0)

    c.case("a crawler in a person's name", "its visits are not that person's interest")
    c.person("case-crawled", "Tabea", "Xaver")
    for minute in range(12):
        c.visit(at(f"2026-04-29 03:{minute:02d}"), "product_view", "bean-house", "cookie-crawler",
            "case-crawled",
            user_agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    c.expect("case-crawled", "in_audience", not_interested_in="bean-house",
        unexpected_trigger="browse_abandonment")

    c.case("a reader", "opens and clicks of a person count")
    c.person("case-reader", "Tilda", "Xanten")
    c.letter("case-reader-letter", address("case-reader"), at("2026-04-21 08:00"),
        ("open", at("2026-04-21 09:30"), {"user_agent": BROWSERS[1]}),
        ("click", at("2026-04-21 09:31"), {"user_agent": BROWSERS[1], "slot": "hero",
            "product_id": "cup-mug", "url": "https://shop.example/p/cup-mug"}))
    c.expect("case-reader", "in_audience", opens_90d=1, clicks_90d=1)


def cases():
    """All of them."""
    c = Cases()
    identity(c)
    consent(c)
    privacy(c)
    unusable_rows(c)
    shopping(c)
    moments(c)
    c.case(
        "control totals that do not match",
        "the shop says 3 orders and 120.00 more for one day; the days of erased and of rejected "
        "orders differ as well",
    )
    c.stories[-1]["ids"].append(" ".join(WRONG_TOTAL["day"]))
    return c
