{#-
    The block library: what an e-mail can say. A project changes it with the variable personalize_blocks, a dictionary by id.
      slot              where it stands (macros/config/slots.sql)
      when              the triggers it answers; "default": what the slot shows otherwise
      product           which product it shows: trigger (the one the trigger is about), recommendation, popular or none
      strategy          the need its recommendation serves: best (the person's list in its order; so without) or one of replenishment,
                        discovery, complement, buy_again, trending, new_arrivals, popular; what is missing comes from the list
      reason            the reason told for a product of a trigger (macros/config/reasons.sql)
      needs_personalization  only for people who allow it; always so for products of triggers and recommendations
      fallback          the block that takes its place where it cannot be shown; the last of a chain suits everybody
      variant_of        it only stands in for that block where an experiment says so, and inherits all it does not say itself
      subject (hero only), headline, body, call_to_action   text, or {locale: text} with at least default_locale
    Text may hold the tokens of macros/config/tokens.sql; a token about the person needs a fallback: {first_name|there}.
-#}
{% macro default_blocks() %}
    {% do return({
        "hero_cart": {
            "slot": "hero",
            "when": ["cart_abandonment"],
            "product": "trigger",
            "reason": "in_cart",
            "fallback": "hero_recommended",
            "subject": {
                "en": "Still in your cart: {product_title}",
                "de": "Noch in Ihrem Warenkorb: {product_title}",
                "fr": "Toujours dans votre panier : {product_title}",
            },
            "headline": {
                "en": "{first_name|Hello}, your cart is waiting",
                "de": "{first_name|Guten Tag}, Ihr Warenkorb wartet",
                "fr": "{first_name|Bonjour}, votre panier vous attend",
            },
            "body": {
                "en": "You put {product_title} aside. It is still there, and still available.",
                "de": "{product_title} liegt noch für Sie bereit und ist weiterhin lieferbar.",
                "fr": "{product_title} est toujours dans votre panier, et toujours disponible.",
            },
            "call_to_action": {"en": "Back to your cart", "de": "Zum Warenkorb", "fr": "Retour au panier"},
        },
        "hero_browse": {
            "slot": "hero",
            "when": ["browse_abandonment"],
            "product": "trigger",
            "reason": "viewed",
            "fallback": "hero_recommended",
            "subject": {
                "en": "Another look at {product_title}?",
                "de": "Noch ein Blick auf {product_title}?",
                "fr": "Envie de revoir {product_title} ?",
            },
            "headline": {
                "en": "Still thinking it over?",
                "de": "Noch unentschlossen?",
                "fr": "Encore en pleine réflexion ?",
            },
            "body": {
                "en": "You looked at {product_title} not long ago. Take another look, without hurry.",
                "de": "Sie haben sich vor Kurzem {product_title} angesehen. Schauen Sie in Ruhe noch einmal hin.",
                "fr": "Vous avez regardé {product_title} il y a peu. Prenez le temps d'y revenir.",
            },
            "call_to_action": {"en": "Take another look", "de": "Noch einmal ansehen", "fr": "Y jeter un œil"},
        },
        "hero_birthday": {
            "slot": "hero",
            "when": ["birthday"],
            "product": "recommendation",
            "strategy": "discovery",
            "fallback": "hero_birthday_wishes",
            "subject": {
                "en": "Happy birthday, {first_name|and many happy returns}!",
                "de": "Alles Gute zum Geburtstag, {first_name|und einen schönen Tag}!",
                "fr": "Joyeux anniversaire, {first_name|et belle journée} !",
            },
            "headline": {
                "en": "Happy birthday, {first_name|and many happy returns}!",
                "de": "Alles Gute zum Geburtstag, {first_name|und einen schönen Tag}!",
                "fr": "Joyeux anniversaire, {first_name|et belle journée} !",
            },
            "body": {
                "en": "We wish you a lovely day, and picked something that could be a present to yourself.",
                "de": "Wir wünschen Ihnen einen schönen Tag und haben etwas ausgesucht, das Sie sich selbst schenken könnten.",
                "fr": "Nous vous souhaitons une belle journée, avec une idée de cadeau pour vous-même.",
            },
            "call_to_action": {"en": "Have a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "hero_birthday_wishes": {
            "slot": "hero",
            "product": "none",
            "needs_personalization": true,
            "fallback": "hero_popular",
            "subject": {
                "en": "Happy birthday, {first_name|and many happy returns}!",
                "de": "Alles Gute zum Geburtstag, {first_name|und einen schönen Tag}!",
                "fr": "Joyeux anniversaire, {first_name|et belle journée} !",
            },
            "headline": {"en": "Happy birthday!", "de": "Alles Gute zum Geburtstag!", "fr": "Joyeux anniversaire !"},
            "body": {
                "en": "All of us at {shop_name} wish you a lovely day.",
                "de": "Wir von {shop_name} wünschen Ihnen einen schönen Tag.",
                "fr": "Toute l'équipe de {shop_name} vous souhaite une belle journée.",
            },
            "call_to_action": {"en": "Visit the shop", "de": "Zum Shop", "fr": "Voir la boutique"},
        },
        "hero_win_back": {
            "slot": "hero",
            "when": ["win_back", "win_back.remind", "churn_risk"],
            "product": "recommendation",
            "strategy": "discovery",
            "fallback": "hero_popular",
            "subject": {
                "en": "We would love to see you again, {first_name|any time}",
                "de": "Wir freuen uns auf Sie, {first_name|jederzeit}",
                "fr": "Au plaisir de vous revoir, {first_name|à bientôt}",
            },
            "headline": {
                "en": "Good to have you back",
                "de": "Schön, wenn Sie wieder vorbeischauen",
                "fr": "Heureux de vous retrouver",
            },
            "body": {
                "en": "There is a lot to discover. A good start could be {product_title}.",
                "de": "Es gibt viel zu entdecken. Ein guter Anfang wäre {product_title}.",
                "fr": "Il y a beaucoup à découvrir. Pour commencer : {product_title}.",
            },
            "call_to_action": {"en": "Have a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "hero_tier_upgrade": {
            "slot": "hero",
            "when": ["tier_upgrade"],
            "product": "recommendation",
            "fallback": "hero_popular",
            "subject": {
                "en": "Congratulations, {first_name|dear customer}: a step up",
                "de": "Glückwunsch, {first_name|schön, dass Sie da sind}: eine Stufe höher",
                "fr": "Félicitations, {first_name|cher client} : un niveau de plus",
            },
            "headline": {
                "en": "You have reached a new level",
                "de": "Sie haben eine neue Stufe erreicht",
                "fr": "Vous avez atteint un nouveau niveau",
            },
            "body": {
                "en": "Thank you for your loyalty. A little something to celebrate with: {product_title}.",
                "de": "Danke für Ihre Treue. Zum Feiern vielleicht: {product_title}.",
                "fr": "Merci de votre fidélité. Pour fêter cela : {product_title}.",
            },
            "call_to_action": {"en": "Have a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "hero_back_in_stock": {
            "slot": "hero",
            "when": ["back_in_stock"],
            "product": "trigger",
            "reason": "back_in_stock",
            "fallback": "hero_recommended",
            "subject": {
                "en": "Back again: {product_title}",
                "de": "Wieder da: {product_title}",
                "fr": "De retour : {product_title}",
            },
            "headline": {
                "en": "{product_title} is back",
                "de": "{product_title} ist wieder da",
                "fr": "{product_title} est de retour",
            },
            "body": {
                "en": "You looked at it before; now you can have it again.",
                "de": "Sie hatten es sich angesehen; jetzt ist es wieder lieferbar.",
                "fr": "Vous l'aviez regardé ; il est de nouveau en stock.",
            },
            "call_to_action": {"en": "See it in the shop", "de": "Im Shop ansehen", "fr": "Voir en boutique"},
        },
        "hero_price_drop": {
            "slot": "hero",
            "when": ["price_drop"],
            "product": "trigger",
            "reason": "price_drop",
            "fallback": "hero_recommended",
            "subject": {
                "en": "Now at a lower price: {product_title}",
                "de": "Jetzt günstiger: {product_title}",
                "fr": "Prix en baisse : {product_title}",
            },
            "headline": {
                "en": "{product_title}, now {price}",
                "de": "{product_title}, jetzt {price}",
                "fr": "{product_title}, maintenant {price}",
            },
            "body": {
                "en": "Something you looked at costs less now.",
                "de": "Etwas, das Sie sich angesehen hatten, kostet jetzt weniger.",
                "fr": "Un article que vous aviez regardé coûte moins cher.",
            },
            "call_to_action": {"en": "See it in the shop", "de": "Im Shop ansehen", "fr": "Voir en boutique"},
        },
        "hero_subscription_change": {
            "slot": "hero",
            "when": ["subscription_change"],
            "product": "none",
            "needs_personalization": true,
            "fallback": "hero_popular",
            "subject": {
                "en": "Thank you for your trust, {first_name|dear reader}",
                "de": "Danke für Ihr Vertrauen, {first_name|und guten Tag}",
                "fr": "Merci de votre confiance, {first_name|cher lecteur}",
            },
            "headline": {
                "en": "Your wishes are noted",
                "de": "Ihre Wünsche sind vermerkt",
                "fr": "Vos souhaits sont enregistrés",
            },
            "body": {
                "en": "You have agreed to hear more from {shop_name}. You can change your mind at any time.",
                "de": "Sie möchten mehr von {shop_name} hören. Sie können das jederzeit ändern.",
                "fr": "Vous souhaitez en savoir plus sur {shop_name}. Vous pouvez changer d'avis à tout moment.",
            },
            "call_to_action": {"en": "Visit the shop", "de": "Zum Shop", "fr": "Voir la boutique"},
        },
        "hero_high_value": {
            "slot": "hero",
            "when": ["high_value_at_risk"],
            "product": "recommendation",
            "fallback": "hero_popular",
            "subject": {
                "en": "Chosen with care, {first_name|for you}",
                "de": "Mit Sorgfalt gewählt, {first_name|für Sie}",
                "fr": "Choisi avec soin, {first_name|pour vous}",
            },
            "headline": {
                "en": "It has been a pleasure",
                "de": "Es war uns eine Freude",
                "fr": "Ce fut un plaisir",
            },
            "body": {
                "en": "You are among our best customers. We thought of you when we saw {product_title}.",
                "de": "Sie gehören zu unseren besten Kunden. Bei {product_title} haben wir an Sie gedacht.",
                "fr": "Vous êtes parmi nos meilleurs clients. {product_title} nous a fait penser à vous.",
            },
            "call_to_action": {"en": "Have a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "hero_replenishment": {
            "slot": "hero",
            "when": ["replenishment"],
            "product": "trigger",
            "reason": "due_again",
            "fallback": "hero_recommended",
            "subject": {
                "en": "Time to restock? {product_title}",
                "de": "Zeit für Nachschub? {product_title}",
                "fr": "Bientôt à court ? {product_title}",
            },
            "headline": {
                "en": "Running low, {first_name|perhaps}?",
                "de": "Geht der Vorrat zur Neige, {first_name|vielleicht}?",
                "fr": "Bientôt à court, {first_name|peut-être} ?",
            },
            "body": {
                "en": "Going by your earlier orders, {product_title} could soon be used up.",
                "de": "Nach Ihren früheren Bestellungen könnte {product_title} bald aufgebraucht sein.",
                "fr": "D'après vos commandes, {product_title} pourrait bientôt manquer.",
            },
            "call_to_action": {"en": "Order again", "de": "Nachbestellen", "fr": "Commander à nouveau"},
        },
        "hero_post_purchase": {
            "slot": "hero",
            "when": ["post_purchase"],
            "product": "recommendation",
            "fallback": "hero_popular",
            "subject": {
                "en": "Thank you for your order, {first_name|dear customer}",
                "de": "Danke für Ihre Bestellung, {first_name|schön, dass Sie da sind}",
                "fr": "Merci pour votre commande, {first_name|cher client}",
            },
            "headline": {
                "en": "Thank you for your order",
                "de": "Danke für Ihre Bestellung",
                "fr": "Merci pour votre commande",
            },
            "body": {
                "en": "We hope you enjoy it. For another time: {product_title}.",
                "de": "Wir wünschen viel Freude damit. Für ein anderes Mal: {product_title}.",
                "fr": "Profitez-en bien. Pour une prochaine fois : {product_title}.",
            },
            "call_to_action": {"en": "Have a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "hero_last_call": {
            "slot": "hero",
            "when": ["win_back.last_call", "re_engagement"],
            "product": "recommendation",
            "strategy": "best",
            "fallback": "hero_popular",
            "subject": {
                "en": "Is this still for you, {first_name|dear reader}?",
                "de": "Ist das noch etwas für Sie, {first_name|liebe Leserin, lieber Leser}?",
                "fr": "Toujours envie de nous lire, {first_name|cher lecteur} ?",
            },
            "headline": {
                "en": "We do not want to be a nuisance",
                "de": "Wir möchten nicht stören",
                "fr": "Nous ne voulons pas vous déranger",
            },
            "body": {
                "en": "If you like, have a look at {product_title}. If not, that is fine too.",
                "de": "Wenn Sie mögen, schauen Sie sich {product_title} an. Wenn nicht, ist das auch in Ordnung.",
                "fr": "Si vous voulez, jetez un œil à {product_title}. Sinon, ce n'est pas grave.",
            },
            "call_to_action": {"en": "Have a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "hero_welcome": {
            "slot": "hero",
            "when": ["welcome.hello"],
            "product": "none",
            "needs_personalization": true,
            "fallback": "hero_popular",
            "subject": {
                "en": "Welcome to {shop_name}, {first_name|good to have you}",
                "de": "Willkommen bei {shop_name}, {first_name|schön, dass Sie da sind}",
                "fr": "Bienvenue chez {shop_name}, {first_name|ravis de vous accueillir}",
            },
            "headline": {
                "en": "Welcome, {first_name|good to have you}",
                "de": "Willkommen, {first_name|schön, dass Sie da sind}",
                "fr": "Bienvenue, {first_name|ravis de vous accueillir}",
            },
            "body": {
                "en": "From now on you hear from {shop_name} when there is something worth telling.",
                "de": "Von nun an hören Sie von {shop_name}, wenn es etwas zu erzählen gibt.",
                "fr": "Désormais, {shop_name} vous écrit quand il y a quelque chose à raconter.",
            },
            "call_to_action": {"en": "Visit the shop", "de": "Zum Shop", "fr": "Voir la boutique"},
        },
        "hero_welcome_story": {
            "slot": "hero",
            "when": ["welcome.story"],
            "product": "popular",
            "needs_personalization": true,
            "fallback": "hero_shop",
            "subject": {
                "en": "What people come to {shop_name} for",
                "de": "Wofür man zu {shop_name} kommt",
                "fr": "Pourquoi on vient chez {shop_name}",
            },
            "headline": {
                "en": "A good place to start",
                "de": "Ein guter Anfang",
                "fr": "Pour bien commencer",
            },
            "body": {
                "en": "Most people begin with a favourite of others: {product_title}.",
                "de": "Viele beginnen mit dem, was anderen gefällt: {product_title}.",
                "fr": "Beaucoup commencent par un favori des autres : {product_title}.",
            },
            "call_to_action": {"en": "See it in the shop", "de": "Im Shop ansehen", "fr": "Voir en boutique"},
        },
        "hero_recommended": {
            "slot": "hero",
            "when": ["default"],
            "product": "recommendation",
            "strategy": "best",
            "fallback": "hero_popular",
            "subject": {
                "en": "{first_name|Hello}, today for you: {product_title}",
                "de": "{first_name|Guten Tag}, heute für Sie: {product_title}",
                "fr": "{first_name|Bonjour}, aujourd'hui pour vous : {product_title}",
            },
            "headline": {
                "en": "Something for you, {first_name|to start with}",
                "de": "Etwas für Sie, {first_name|zum Anfang}",
                "fr": "Une idée pour vous, {first_name|pour commencer}",
            },
            "body": {
                "en": "Our tip for you today: {product_title}.",
                "de": "Unser Tipp für Sie heute: {product_title}.",
                "fr": "Notre idée pour vous aujourd'hui : {product_title}.",
            },
            "call_to_action": {"en": "See it in the shop", "de": "Im Shop ansehen", "fr": "Voir en boutique"},
        },
        "hero_recommended_factual": {
            "variant_of": "hero_recommended",
            "subject": {"en": "For you: {product_title}", "de": "Für Sie: {product_title}", "fr": "Pour vous : {product_title}"},
            "headline": {"en": "{product_title}", "de": "{product_title}", "fr": "{product_title}"},
            "body": {"en": "In stock at {price}.", "de": "Lieferbar für {price}.", "fr": "En stock à {price}."},
        },
        "hero_popular": {
            "slot": "hero",
            "product": "popular",
            "fallback": "hero_shop",
            "subject": {
                "en": "Popular at {shop_name}: {product_title}",
                "de": "Beliebt bei {shop_name}: {product_title}",
                "fr": "Populaire chez {shop_name} : {product_title}",
            },
            "headline": {"en": "What others like", "de": "Was anderen gefällt", "fr": "Ce que les autres aiment"},
            "body": {
                "en": "{product_title} is one of our favourites right now.",
                "de": "{product_title} ist gerade besonders beliebt.",
                "fr": "{product_title} fait partie des favoris du moment.",
            },
            "call_to_action": {"en": "See it in the shop", "de": "Im Shop ansehen", "fr": "Voir en boutique"},
        },
        "hero_shop": {
            "slot": "hero",
            "product": "none",
            "subject": {
                "en": "See what is new at {shop_name}",
                "de": "Neues bei {shop_name}",
                "fr": "Les nouveautés de {shop_name}",
            },
            "headline": {
                "en": "See what is new at {shop_name}",
                "de": "Neues bei {shop_name}",
                "fr": "Les nouveautés de {shop_name}",
            },
            "body": {"en": "Come and have a look around.", "de": "Schauen Sie vorbei.", "fr": "Venez faire un tour."},
            "call_to_action": {"en": "Visit the shop", "de": "Zum Shop", "fr": "Voir la boutique"},
        },
        "showcase_recommended": {
            "slot": "showcase",
            "when": ["default"],
            "product": "recommendation",
            "strategy": "discovery",
            "fallback": "showcase_popular",
            "headline": {"en": "You might also like", "de": "Das könnte Ihnen gefallen", "fr": "Vous aimerez aussi"},
            "call_to_action": {"en": "Take a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "showcase_popular": {
            "slot": "showcase",
            "product": "popular",
            "fallback": "showcase_shop",
            "headline": {"en": "Popular right now", "de": "Gerade beliebt", "fr": "Populaires en ce moment"},
            "call_to_action": {"en": "Take a look", "de": "Ansehen", "fr": "Découvrir"},
        },
        "showcase_shop": {
            "slot": "showcase",
            "product": "none",
            "headline": {
                "en": "See what is new at {shop_name}",
                "de": "Neues bei {shop_name}",
                "fr": "Les nouveautés de {shop_name}",
            },
            "call_to_action": {"en": "Visit the shop", "de": "Zum Shop", "fr": "Voir la boutique"},
        },
        "footer": {
            "slot": "footer",
            "when": ["default"],
            "product": "none",
            "headline": {"en": "{shop_name}", "de": "{shop_name}", "fr": "{shop_name}"},
            "body": {
                "en": "You get this e-mail because you agreed to news from {shop_name}.",
                "de": "Sie erhalten diese E-Mail, weil Sie Neuigkeiten von {shop_name} zugestimmt haben.",
                "fr": "Vous recevez cet e-mail car vous avez accepté les nouvelles de {shop_name}.",
            },
            "call_to_action": {"en": "Visit the shop", "de": "Zum Shop", "fr": "Voir la boutique"},
        },
    }) %}
{% endmacro %}
