"""Reading the fields of an order by its service's type. Nothing here asks the database."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from orders.plans import DripPlan, SubscriptionPlan, read_drip_plan, read_subscription_plan
from orders.refusals import OrderRefused, Refusal
from orders.service_types import TYPE_RULES, Count, is_dripfed
from panel.lib.dates import to_latin_digits

MAX_LINK = 2000
MAX_FIELD = 1000  # characters of a one-line field
MAX_LINES = 10_000
MAX_LIST = 500_000  # characters of a list
HIGHEST = 10**15  # times MAX_RUNS it fits a bigint; the statement compares it with the service's maximum
# Beside control characters those that can't be seen: they turn a link around or hide what it is.
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\s]"
)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HOST = re.compile(r"(?=.{4,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]\.?", re.UNICODE)
_USERNAME = re.compile(r"@?[\w.][\w.\-]{0,63}", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,39}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a service decides how its orders are read; `version` is the row's, when this was read of it."""

    type: str
    link_format: str
    version: int = 0
    kind: str = ""
    same_link: str = "allow"
    link_hosts: Sequence[str] = ()
    link_pattern: str = ""
    link_example: str = ""
    min_video_seconds: int | None = None
    dripfeed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of one order, read and well-formed. `fields` is JSON text or None; `piece`: charged a piece.

    With a `plan` the order is done in parts, and `count` is the most units of one of them.
    """

    link: str
    count: int
    piece: bool
    fields: str | None
    plan: DripPlan | SubscriptionPlan | None = None


def read_draft(shape, values):
    """The order that `values` (field name → text) ask for, by the rule of the service's type.

    Raises OrderRefused with FIELD_MISSING, FIELD_BAD, LINK_BAD or LINK_RULE. Fields the type doesn't know are
    ignored.
    """
    rule = TYPE_RULES[shape.type]
    if rule.count is Count.POSTS:
        plan, most = read_subscription_plan(values)
        return Draft(plan.username, most, False, None, plan)
    plan = read_drip_plan(values, shape.dripfeed and is_dripfed(shape.type))
    link = _read_ruled_link(shape, values.get("link")) if rule.link else ""
    if not rule.needs and not rule.one_of:
        count = 1 if rule.count is Count.PIECE else _read_count(values.get("quantity"))
        return Draft(link, count, rule.count is Count.PIECE, None, plan)
    fields = _read_fields(rule, values)
    if rule.count is Count.LINES:
        count = len(fields[rule.counted].split("\n"))
    elif rule.count is Count.PIECE:
        count = 1
    else:
        count = _read_count(values.get("quantity"))
    return Draft(link, count, rule.count is Count.PIECE, json.dumps(fields, ensure_ascii=False), plan)


def _read_fields(rule, values):
    fields = {name: _read_text(name, values.get(name), name in rule.lists) for name in rule.needs}
    if rule.one_of:
        given = [name for name in rule.one_of if str(values.get(name) or "").strip()]
        if not given:
            raise OrderRefused(Refusal.FIELD_MISSING, field=rule.one_of[0])
        fields |= {name: _read_text(name, values[name], False) for name in given}
    return fields


def _read_text(name, value, is_list):
    if isinstance(value, list) and is_list and all(map(_is_plain, value)):
        value = "\n".join(map(str, value))
    if value is not None and not _is_plain(value):
        raise OrderRefused(Refusal.FIELD_BAD, field=name)
    text = "" if value is None else str(value)
    if not text.strip():
        raise OrderRefused(Refusal.FIELD_MISSING, field=name)
    if _UNPRINTABLE.search(text) or len(text) > (MAX_LIST if is_list else MAX_FIELD):
        raise OrderRefused(Refusal.FIELD_BAD, field=name)
    if not is_list:
        return text.strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise OrderRefused(Refusal.FIELD_BAD, field=name)
    return "\n".join(lines)


def _is_plain(value):
    """A text, or a whole number that may stand for one; JSON has more, which is none."""
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _read_count(value):
    if value is None or value == "":
        raise OrderRefused(Refusal.FIELD_MISSING, field="quantity")
    text = to_latin_digits(str(value).strip())
    if isinstance(value, bool) or not _WHOLE.fullmatch(text):
        raise OrderRefused(Refusal.FIELD_BAD, field="quantity")
    return max(min(int(text), HIGHEST), -HIGHEST)


def _read_ruled_link(shape, value):
    link = read_link(value, shape.link_format)
    if (shape.link_hosts or shape.link_pattern) and not fits_link_rule(shape, link):
        raise OrderRefused(Refusal.LINK_RULE, field="link", example=shape.link_example)
    return link


def fits_link_rule(rule, link):
    """Whether a link is at one of the rule's `link_hosts` (or below one) and its path of `link_pattern`.

    `rule` is a Shape or a Service. A username, where one is taken, has neither and fits.
    """
    if "://" not in link:
        return True
    parts = urlsplit(link)
    host = (parts.hostname or "").rstrip(".")
    if rule.link_hosts and not any(host == at or host.endswith(f".{at}") for at in rule.link_hosts):
        return False
    return not rule.link_pattern or re.fullmatch(rule.link_pattern, parts.path.rstrip("/") or "/") is not None


def read_link(value, link_format):
    """The link as given, checked: an http(s) address with a real host name, or a username where that will do.

    Raises OrderRefused: FIELD_MISSING when empty, else LINK_BAD. The address is never fetched here.
    """
    if value is not None and not isinstance(value, str):
        raise OrderRefused(Refusal.LINK_BAD, field="link")
    link = (value or "").strip()
    if not link:
        raise OrderRefused(Refusal.FIELD_MISSING, field="link")
    if len(link) > MAX_LINK or _CONTROL.search(link):
        raise OrderRefused(Refusal.LINK_BAD, field="link")
    if link_format == "url_or_username" and _USERNAME.fullmatch(link):
        return link
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise OrderRefused(Refusal.LINK_BAD, field="link") from None
    if parts.scheme not in ("http", "https") or port == 0 or not _HOST.fullmatch(host):
        raise OrderRefused(Refusal.LINK_BAD, field="link")
    return link
