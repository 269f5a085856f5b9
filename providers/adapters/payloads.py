"""The fields of `add` for each service type, as the table of contracts/standard-v2.md has them."""

import re

# Type → fields that must be there, fields that may be. `link` and `quantity` are the order's own, all others
# come from its `fields`.
TYPE_FIELDS = {
    "default": (("link", "quantity"), ("runs", "interval")),
    "package": (("link",), ()),
    "seo": (("link", "quantity", "keywords"), ()),
    "mentions": (("link", "quantity", "usernames"), ()),
    "custom_comments": (("link", "comments"), ()),
    "custom_comments_package": (("link", "comments"), ()),
    "mentions_with_hashtags": (("link", "quantity", "usernames", "hashtags"), ()),
    "mentions_custom_list": (("link", "usernames"), ()),
    "mentions_hashtag": (("link", "quantity", "hashtag"), ()),
    "mentions_user_followers": (("link", "quantity", "username"), ()),
    "mentions_media_likers": (("link", "quantity", "media"), ()),
    "comment_likes": (("link", "quantity", "username"), ()),
    "comment_replies": (("link", "username", "comments"), ()),
    "poll": (("link", "quantity", "answer_number"), ()),
    "invites_from_groups": (("link", "quantity", "groups"), ()),
    "web_traffic": (
        ("link", "quantity", "country", "device", "type_of_traffic"),
        ("google_keyword", "referring_url"),
    ),
    "subscriptions": (("username", "min", "max"), ("posts", "old_posts", "delay", "expiry")),
    # Ours beyond that table, as our own panel serves them.
    "watch_time": (("link", "quantity"), ()),
    "ads": (("description",), ("link",)),
}


class MissingField(Exception):
    """The order lacks what its type needs, or the dialect has no such type."""


class FieldWithoutPlace(Exception):
    """The order carries what the dialect can't tell the upstream: sent without it, it would be another order."""


def name_type(written):
    """The type's name in our spelling, from any: "Custom Comments" → custom_comments."""
    return re.sub(r"[\W_]+", "_", written.strip().casefold())


def build_payload(order):
    """The fields of `add` for an OutboundOrder, `service` first. Raises MissingField."""
    kind = name_type(order.type)
    if kind not in TYPE_FIELDS:
        raise MissingField(f"no type {kind} is known")
    needed, optional = TYPE_FIELDS[kind]
    given = {**order.fields, "link": order.link, "quantity": order.quantity}
    payload = {"service": order.service}
    for name in (*needed, *optional):
        if given.get(name) not in (None, ""):
            payload[name] = str(given[name])
        elif name in needed:
            raise MissingField(f"the order has no {name}")
    return payload


def check_fields(order, names):
    """Raises MissingField and FieldWithoutPlace unless an OutboundOrder carries what its type needs and all
    it carries for its type is among `names`, the fields of TYPE_FIELDS that the dialect has a place for.
    """
    payload = build_payload(order)
    for name in payload:
        if name != "service" and name not in names:
            raise FieldWithoutPlace(f"the dialect has no place for {name}")


def write_id(identifier):
    """An id as JSON dialects send it: a number where it is one."""
    return int(identifier) if identifier.isascii() and identifier.isdigit() else identifier
