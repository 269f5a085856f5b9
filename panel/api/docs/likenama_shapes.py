"""What likenama's answers and bodies hold: the schema of each (contracts: likenama-v1), in the active language.

Its views build their answers themselves, so there is no serializer that drf-spectacular could read.
"""

from django.utils.translation import gettext as _

from campaigns.bundles import LONGEST_TOKEN as LONGEST_PURCHASE_TOKEN
from campaigns.models import CampaignClass
from campaigns.targets import LONGEST_URL
from campaigns.texts import MOST
from campaigns.verifiers.instagram import LONGEST_TOKEN
from panel.api.docs.panel_app_shapes import MAYBE_TEXT, TEXT, WHOLE, build_list, build_object
from panel.api.likenama.campaigns import STATUSES
from panel.api.likenama.messages import MAX_CONTENT, MAX_EMAIL
from panel.support.tickets import MAX_SUBJECT

COUNT = {"type": "integer", "minimum": 0}
FLAG = {"type": "boolean"}
CAMPAIGN_TYPE = {"type": "string", "enum": CampaignClass.CampaignType.values}
PAYMENT_TYPE = {"type": "string", "enum": CampaignClass.PaymentType.values}
WORDS = {"type": "array", "minItems": 1, "items": TEXT}


def build_error():
    """The schema of a refusal: texts by the field that they are about, `base` for the whole call."""
    by_field = {"type": "object", "minProperties": 1, "additionalProperties": WORDS}
    return build_object(errors=by_field)


def build_shapes():
    """The schemas of answers and bodies by name."""
    return _build_answers() | _build_bodies()


def _build_answers():
    return {
        "ErrorList": build_object(errors=WORDS),
        "Campaign": build_object(
            id=WHOLE,
            target_url=TEXT,
            campaign_type=CAMPAIGN_TYPE,
            payment_type=PAYMENT_TYPE,
            status={"type": "string", "enum": [*STATUSES.values()]},
            budget=COUNT,
            total_likes=COUNT,
        ),
        "CampaignClass": build_object(
            id=WHOLE,
            campaign_type=CAMPAIGN_TYPE,
            payment_type=PAYMENT_TYPE,
            waiting=COUNT,
            max_user_likes=COUNT,
            campaign_value=COUNT,
            fields=build_object(**dict.fromkeys(MOST, FLAG)),
        ),
        "NextCampaign": build_object(
            id=WHOLE,
            payment_type=PAYMENT_TYPE,
            coin_user_share=COUNT,
            like_user_share=COUNT,
            waiting=COUNT,
            cover=MAYBE_TEXT,
            **dict.fromkeys(MOST, TEXT),
        ),
        "User": build_object(username=TEXT, like_credit=WHOLE, coin_credit=WHOLE),
        "Product": build_object(id=WHOLE, title=TEXT, product_type=TEXT, price=COUNT, description=TEXT),
        "Bundle": build_object(bazaar_sku=TEXT, price=COUNT, coins=COUNT, free_coins=COUNT),
    }


def describe_one(name, schema):
    """The schema of an answer with one thing."""
    return build_object(**{name: schema})


def describe_several(name, schema):
    """The schema of an answer with a list that is never empty: without anything to tell it is 404."""
    return build_object(**{name: build_list(schema) | {"minItems": 1}})


def _build_bodies():
    return {
        "CampaignBody": _wrap("campaign", _("What is to be liked, and for how much."), _build_campaign()),
        "LikeBody": _wrap(
            "like",
            _("Who says that they liked it."),
            _build_fields(
                ["access_token"],
                access_token=_text(
                    _("The person's token at Instagram, from the address that the login led to."),
                    LONGEST_TOKEN,
                ),
            ),
        ),
        "BundleBody": _wrap(
            "bundle",
            _("What was bought at Cafe Bazaar."),
            _build_fields(
                ["purchase_token"],
                purchase_token=_text(
                    _("The purchase token that the store gave to the app."), LONGEST_PURCHASE_TOKEN
                ),
            ),
        ),
        "MessageBody": _wrap(
            "message",
            _("What is said."),
            _build_fields(
                ["title", "content"],
                email=_text(_("Where you want to be answered, if not here."), MAX_EMAIL, least=0),
                title=_text(_("What the message is about, plain text."), MAX_SUBJECT),
                content=_text(_("What you want to say, plain text."), MAX_CONTENT),
            ),
        ),
    }


def _build_campaign():
    words = {
        "description": _("A text below the picture."),
        "phone": _("A phone number; digits, spaces, + - ( ) and strokes."),
        "website": _("An address that begins with http:// or https://."),
        "address": _("A postal address, in one line."),
    }
    whole = {"type": ["integer", "string"], "minimum": 1, "pattern": "^[0-9]{1,18}$"}
    return _build_fields(
        ["campaign_class_id", "target_url", "budget"],
        campaign_class_id=whole
        | {"maximum": 2**63 - 1, "description": _("The id of a class, from campaigns/new.")},
        target_url=_text(_("The address of a picture or film at Instagram."), LONGEST_URL),
        budget=whole
        | {
            "description": _(
                "How much of the currency of the class the campaign may spend; at least campaign_value."
            )
        },
        **{name: _text(words[name], most, least=0) for name, most in MOST.items()},
    )


def _wrap(name, description, schema):
    return _build_fields([name], **{name: schema | {"description": description}})


def _build_fields(required, **properties):
    return {"type": "object", "required": required, "properties": properties}


def _text(description, most, least=1):
    return {"type": "string", "minLength": least, "maxLength": most, "description": description}
