"""Reading the body of gray-city's order paths: which kinds each sells, checked in the document's order and words.

The words are the published ones, letter by letter, slips of the pen included: clients compare with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.sandbox.catalogue import SERVICES, Service
from providers.sandbox.fates import split_words
from providers.sandbox.order_input import is_link, parse_whole
from providers.sandbox.wire import StatusRefusal

NO_OBJECT = "بدنه درخواست یک ساختار جیسون نیست"
NO_LINK = "پارامتر لینک یافت نشد"
BAD_LINK = "لینک ارسال شده نامعبتر است"
BAD_TYPE = "تایپ ولیو پارامتر {} نا معتبر است"
FOREIGN_PRODUCT = "ایدی محصول ارسال شده مربوط به این دسته بندی نمی باشد"
FOREIGN_CATEGORY = "ایدی کتگوری ارسال شده مربوط به این دسته بندی نمی باشد"
UNKNOWN_PRODUCT = "محصول یافت نشد"
UNKNOWN_CATEGORY = "کتگوری یافت نشد"
NO_COMMENT = "پارامتر کامنت یافت نشد"
NO_DESCRIPTION = "متن تبلیغ یافت نشد"
SHORT_VIDEO = "تایم ویدیو کمتر از مقدار گفته شده میباشد"
NO_COUNT = "پارامتر count یافت نشد"
BAD_COUNT = "مقدار پارامتر count نا معتبر است"

SHORT_WORD = "short"
COUNTED_KINDS = frozenset({"like", "view", "watch_time"})


@dataclass(frozen=True, slots=True)
class Products:
    """What one path sells: the kinds, the field that names the service, and the words for wrong ids."""

    kinds: frozenset[str]
    field: str
    unknown: str
    foreign: str


LIKE_VIEW_COMMENT = frozenset({"like", "view", "comment"})
PRODUCTS = {
    "/api/v2/order/create": Products(LIKE_VIEW_COMMENT, "category", UNKNOWN_PRODUCT, FOREIGN_PRODUCT),
    "/api/order/create": Products(LIKE_VIEW_COMMENT, "category", UNKNOWN_CATEGORY, FOREIGN_CATEGORY),
    "/api/order/watch-time/create": Products(
        frozenset({"watch_time"}), "category", UNKNOWN_CATEGORY, FOREIGN_CATEGORY
    ),
    "/api/order/follower/create": Products(
        frozenset({"follower"}), "product", UNKNOWN_PRODUCT, FOREIGN_PRODUCT
    ),
    "/api/order/follower-pro/create": Products(
        frozenset({"follower_pro"}), "product", UNKNOWN_PRODUCT, FOREIGN_PRODUCT
    ),
    "/api/order/ads/create": Products(frozenset({"ads"}), "product", UNKNOWN_PRODUCT, FOREIGN_PRODUCT),
}


@dataclass(frozen=True, slots=True)
class GrayCityInput:
    """A valid order: `target` is its link, or the description of an ad; `shown` is what its answer repeats."""

    service: Service
    target: str
    quantity: int
    shown: Mapping[str, Any]


def read_gray_city_input(products: Products, body: Any) -> GrayCityInput:
    """Check the body of an order path. Raises StatusRefusal with the document's status and words."""
    if not isinstance(body, dict):
        raise StatusRefusal(400, NO_OBJECT)
    if products.kinds == {"ads"}:
        service = _read_service(products, body)
        text = _read_text(body, "description", NO_DESCRIPTION)
        if not text:
            raise StatusRefusal(400, NO_DESCRIPTION)
        return GrayCityInput(service, text, 1, {products.field: service.id, "description": text})
    link = _read_text(body, "link", NO_LINK)
    if not is_link(link):
        raise StatusRefusal(400, BAD_LINK)
    service = _read_service(products, body)
    shown = {products.field: service.id, "link": link}
    if service.kind == "comment":
        comments = _read_comments(body)
        _check_count(service, len(comments))
        return GrayCityInput(service, link, len(comments), shown | {"comments": comments})
    if service.kind == "watch_time" and SHORT_WORD in split_words(link):
        raise StatusRefusal(400, SHORT_VIDEO)
    quantity = _read_count(service, body) if service.kind in COUNTED_KINDS else 1
    told = {"count": quantity} if service.kind in ("like", "view") else {}
    return GrayCityInput(service, link, quantity, shown | told)


def _read_text(body: Mapping[str, Any], name: str, missing: str) -> str:
    text = body.get(name)
    if text is None or text == "":
        raise StatusRefusal(400, missing)
    return text.strip() if isinstance(text, str) else ""


def _read_service(products: Products, body: Mapping[str, Any]) -> Service:
    number = parse_whole(body.get(products.field))
    if number is None:
        raise StatusRefusal(400, BAD_TYPE.format(products.field))
    service = SERVICES.get(number)
    if service is None or not service.kind:
        raise StatusRefusal(404, products.unknown)
    if service.kind not in products.kinds:
        raise StatusRefusal(400, products.foreign)
    return service


def _read_comments(body: Mapping[str, Any]) -> list[str]:
    """A list, or one string with a line for each; a `count` beside it must be their number."""
    given = body.get("comment")
    lines = given.splitlines() if isinstance(given, str) else given
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise StatusRefusal(400, NO_COMMENT)
    comments = [line.strip() for line in lines if line.strip()]
    if not comments:
        raise StatusRefusal(400, NO_COMMENT)
    if body.get("count") is not None and parse_whole(body["count"]) != len(comments):
        raise StatusRefusal(400, BAD_COUNT)
    return comments


def _read_count(service: Service, body: Mapping[str, Any]) -> int:
    if body.get("count") is None:
        raise StatusRefusal(400, NO_COUNT)
    count = parse_whole(body["count"])
    _check_count(service, count)
    return count


def _check_count(service: Service, count: int | None) -> None:
    if count is None or not service.min <= count <= service.max:
        raise StatusRefusal(400, BAD_COUNT)
