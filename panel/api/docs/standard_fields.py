"""The fields of the standard API's `add` as OpenAPI schemas, and what each service type needs of them."""

from django.utils.translation import gettext as _

from orders.plans import MAX_INTERVAL, MAX_POSTS, MAX_RUNS
from orders.service_types import TYPE_RULES, Count, is_dripfed
from orders.validation import HIGHEST, MAX_FIELD, MAX_LINES, MAX_LINK, MAX_LIST
from panel.api.standard.views import TYPE_NAMES

LINK = "https://instagram.com/p/abc"
_SAMPLES = {
    "link": LINK,
    "quantity": 100,
    "keywords": "first keyword\nsecond keyword",
    "usernames": "first.user\nsecond.user",
    "hashtags": "travel\nfood",
    "hashtag": "travel",
    "username": "some.user",
    "media": "https://instagram.com/p/def",
    "comments": "Well done!\nVery nice",
    "answer_number": "2",
    "groups": "https://t.me/first\nhttps://t.me/second",
    "country": "IR",
    "device": "mobile",
    "type_of_traffic": "1",
    "google_keyword": "reseller panel",
    "referring_url": "https://example.com/page",
    "runs": 5,
    "interval": 60,
    "min": 50,
    "max": 100,
    "posts": 10,
    "old_posts": 2,
    "delay": 15,
    "expiry": "31/12/2027",
}
DRIP_FEED = ("runs", "interval")


def list_type_fields():
    """`{type as written in services: (fields always needed, fields one of which is needed, optional ones)}`.

    By the rules that orders are read with; types that clients know under one name are there once.
    """
    types = {}
    for kind, rule in TYPE_RULES.items():
        if kind.value not in TYPE_NAMES:
            continue
        fields = ["link"] if rule.link else []
        if rule.count is Count.QUANTITY:
            fields.append("quantity")
        optional = (*rule.optional, *(DRIP_FEED if is_dripfed(kind) else ()))
        types.setdefault(TYPE_NAMES[kind.value], ((*fields, *rule.needs), rule.one_of, optional))
    return types


def build_field_schemas():
    """The schema of each field that some type has, described in the active language."""
    lists = {name for rule in TYPE_RULES.values() for name in rule.lists}
    words = describe_fields()
    schemas = {}
    for needed, one_of, optional in list_type_fields().values():
        for name in (*needed, *one_of, *optional):
            schemas[name] = _SHAPES.get(name, _list_shape if name in lists else _line_shape)() | {
                "description": words[name],
                "examples": [_SAMPLES[name]],
            }
    return schemas


def build_id_schema(description, sample=23501):
    """The number of an order, a service or a refill, which clients send as a number or as text."""
    return {
        "type": ["integer", "string"],
        "minimum": 1,
        "maximum": 10**18 - 1,
        "pattern": "^[0-9]{1,18}$",
        "description": description,
        "examples": [sample],
    }


def _link_shape():
    return {"type": "string", "minLength": 1, "maxLength": MAX_LINK}


def _quantity_shape():
    return {"type": ["integer", "string"], "minimum": 1, "maximum": HIGHEST, "pattern": "^[0-9]+$"}


def _line_shape():
    return {"type": ["string", "integer"], "minLength": 1, "maxLength": MAX_FIELD}


def _list_shape():
    return {
        "type": ["string", "array"],
        "minLength": 1,
        "maxLength": MAX_LIST,
        "minItems": 1,
        "maxItems": MAX_LINES,
        "items": {"type": "string"},
    }


def _bounded_shape(least, most):
    return lambda: {"type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": "^[0-9]*$"}


def _day_shape():
    return {"type": "string", "pattern": "^([0-9]{1,2}/[0-9]{1,2}/[0-9]{4})?$"}


_SHAPES = {
    "link": _link_shape,
    "quantity": _quantity_shape,
    "runs": _bounded_shape(0, MAX_RUNS),
    "interval": _bounded_shape(0, MAX_INTERVAL),
    "min": _quantity_shape,
    "max": _quantity_shape,
    "posts": _bounded_shape(0, MAX_POSTS),
    "old_posts": _bounded_shape(0, MAX_POSTS),
    "delay": _bounded_shape(0, MAX_INTERVAL),
    "expiry": _day_shape,
}


def describe_fields():
    """What each field of an order means, by the standard API's names, in the active language."""
    return {
        "link": _("The address of the post, page or video; a username where the service takes one."),
        "quantity": _(
            "How many, within the minimum and maximum of the service; hours for watch time. Persian digits do too."
        ),
        "keywords": _("The keywords, one a line."),
        "usernames": _("The usernames, one a line."),
        "hashtags": _("The hashtags, one a line."),
        "hashtag": _("The hashtag whose users are taken."),
        "username": _("The username that the order is about."),
        "media": _("The address of the post whose likers are taken."),
        "comments": _("The comments, one a line. Where no quantity is sent, their number is the quantity."),
        "answer_number": _("The number of the answer to vote for."),
        "groups": _("The groups, one a line."),
        "country": _("The country that the visits come from."),
        "device": _("The kind of device that the visits come from."),
        "type_of_traffic": _("The kind of visits: from a search, from a page, or direct."),
        "google_keyword": _("The keyword that is searched for."),
        "referring_url": _("The page that the visits come from."),
        "runs": _(
            "Drip-feed, where the service has it: how often the quantity is delivered. All runs are charged at once."
        ),
        "interval": _("Drip-feed: minutes from the start of a run to the next."),
        "min": _("The least that each new post gets."),
        "max": _(
            "The most that each new post gets. Charged at once for all posts; what isn't used comes back."
        ),
        "posts": _("How many new posts are followed; the panel's own number where it is left out."),
        "old_posts": _("How many of the posts that are there already count as well."),
        "delay": _("Minutes from a post to its order."),
        "expiry": _("The last day, as day/month/year. Without it the subscription ends with its last post."),
    }
