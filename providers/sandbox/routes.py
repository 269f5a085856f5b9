"""The routing table: which function answers which method and path. A new dialect adds its lines here.

A path with ids or names in it stands there with `{id}` for those parts.
"""

from collections.abc import Callable

from providers.sandbox import (
    aparat,
    bank,
    bank_page,
    bazaar,
    control,
    control_bank,
    control_people,
    control_sms,
    gray_city,
    happy_follower,
    instagram,
    instagram_login,
    kavenegar,
    page,
    panel_app,
    posts,
    sms_gateway,
    sms_phonebooks,
    sms_register,
    sms_reports,
    sms_sending,
    standard,
)
from providers.sandbox.gray_city_input import PRODUCTS
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer

Handler = Callable[[State, Request], Answer]

STANDARD = "/standard/api/v2"
GRAY_CITY = "/gray_city"
HAPPY_FOLLOWER = "/happy_follower/api/v1"
PANEL_APP = "/panel_app/api/v1"
SMS = "/sms/api/v1/rest"
KAVENEGAR = "/kavenegar/v1"
APARAT = "/aparat/etc/api"
BANK = "/bank"
INSTAGRAM = "/instagram"
BAZAAR = "/bazaar/devapi/v2/api"
POSTS = "/posts"
CONTROL = "/control"

ROUTES: dict[str, dict[str, Handler]] = {
    STANDARD: {"POST": standard.answer_standard, "GET": standard.answer_standard},
    f"{GRAY_CITY}/api/v2/user/token": {"GET": gray_city.answer_token},
    f"{GRAY_CITY}/api/v2/user/info": {"GET": gray_city.answer_info},
    f"{GRAY_CITY}/api/v2/categories": {"GET": gray_city.answer_categories},
    **{f"{GRAY_CITY}{path}": {"POST": gray_city.answer_create} for path in PRODUCTS},
    f"{GRAY_CITY}/api/order/tracking": {"GET": gray_city.answer_tracking},
    f"{HAPPY_FOLLOWER}/auth": {"GET": happy_follower.answer_auth},
    f"{HAPPY_FOLLOWER}/ref-auth": {"GET": happy_follower.answer_refresh},
    f"{HAPPY_FOLLOWER}/services": {"GET": happy_follower.answer_services},
    f"{HAPPY_FOLLOWER}/order": {"POST": happy_follower.answer_order},
    f"{HAPPY_FOLLOWER}/status/{{id}}": {"GET": happy_follower.answer_status},
    f"{HAPPY_FOLLOWER}/cancel": {"POST": happy_follower.answer_cancel},
    f"{HAPPY_FOLLOWER}/recheck": {"POST": happy_follower.answer_recheck},
    f"{HAPPY_FOLLOWER}/credit": {"GET": happy_follower.answer_credit},
    f"{PANEL_APP}/user": {"GET": panel_app.answer_user},
    f"{PANEL_APP}/services": {"GET": panel_app.answer_services},
    f"{PANEL_APP}/categories": {"GET": panel_app.answer_categories},
    f"{PANEL_APP}/order": {"GET": panel_app.answer_orders, "POST": panel_app.answer_create},
    f"{PANEL_APP}/order/{{id}}": {"GET": panel_app.answer_order},
    f"{SMS}/my/credit": {"GET": sms_gateway.answer_credit},
    f"{SMS}/my": {"GET": sms_gateway.answer_details},
    f"{SMS}/user/register": {"POST": sms_register.answer_register},
    f"{SMS}/sms/send": {"POST": sms_sending.answer_send},
    f"{SMS}/sms/future-send": {"POST": sms_sending.answer_future},
    f"{SMS}/sms/pattern-send": {"POST": sms_sending.answer_pattern},
    f"{SMS}/sms/phonebook-send": {"POST": sms_sending.answer_phonebook},
    f"{SMS}/sms/multiple-send": {"POST": sms_sending.answer_multiple},
    f"{SMS}/sms/latest": {"GET": sms_reports.answer_latest},
    f"{SMS}/sms/status": {"GET": sms_reports.answer_status},
    f"{SMS}/my/phonebook": {"GET": sms_phonebooks.answer_books},
    f"{SMS}/my/phonebook/{{id}}": {"GET": sms_phonebooks.answer_named_book},
    f"{SMS}/phonebook": {"POST": sms_phonebooks.answer_create},
    f"{SMS}/phonebook/{{id}}": {"DELETE": sms_phonebooks.answer_delete},
    f"{SMS}/phonebook/{{id}}/number": {
        "GET": sms_phonebooks.answer_numbers,
        "POST": sms_phonebooks.answer_add,
        "DELETE": sms_phonebooks.answer_remove,
    },
    **{
        f"{KAVENEGAR}/{{id}}/{method}.json": {"GET": handler, "POST": handler}
        for method, handler in (
            (kavenegar.SEND, kavenegar.answer_send),
            (kavenegar.LOOKUP, kavenegar.answer_lookup),
            (kavenegar.STATUS, kavenegar.answer_status),
            (kavenegar.LOCAL_STATUS, kavenegar.answer_local_status),
            (kavenegar.INFO, kavenegar.answer_info),
        )
    },
    f"{KAVENEGAR}/{{id}}/{kavenegar.ARRAY}.json": {"POST": kavenegar.answer_array},
    f"{APARAT}/video/videohash/{{id}}": {"GET": aparat.answer_video},
    f"{BANK}/pg/v4/payment/request.json": {"POST": bank.answer_begin},
    f"{BANK}/pg/v4/payment/verify.json": {"POST": bank.answer_verify},
    f"{BANK}/pg/StartPay/{{id}}": {"GET": bank_page.answer_start},
    f"{BANK}/pay/{{id}}": {"POST": bank_page.answer_pay},
    f"{INSTAGRAM}/oauth/authorize": {
        "GET": instagram_login.answer_page,
        "POST": instagram_login.answer_choice,
    },
    f"{INSTAGRAM}/oauth/access_token": {"POST": instagram_login.answer_token},
    f"{INSTAGRAM}/v1/media/shortcode/{{id}}": {"GET": instagram.answer_picture},
    f"{INSTAGRAM}/v1/media/{{id}}/likes": {"GET": instagram.answer_likes},
    f"{INSTAGRAM}/pictures/{{id}}": {"GET": instagram.answer_image},
    f"{BAZAAR}/validate/{{id}}/inapp/{{id}}/purchases/{{id}}": {"GET": bazaar.answer_validate},
    f"{BAZAAR}/consume/{{id}}/purchases": {"POST": bazaar.answer_consume},
    POSTS: {"GET": posts.answer_posts},
    f"{POSTS}/{{id}}": {"POST": posts.answer_add},
    f"{CONTROL}/orders": {"GET": control.answer_orders, "POST": control.answer_bulk},
    f"{CONTROL}/counters": {"GET": control.answer_counters},
    f"{CONTROL}/sms": {"GET": control_sms.answer_messages},
    f"{CONTROL}/sms/counts": {"GET": control_sms.answer_counts},
    f"{CONTROL}/sms/texts": {"GET": control_sms.answer_texts},
    f"{CONTROL}/people": {"GET": control_people.answer_people, "POST": control_people.answer_people},
    f"{CONTROL}/patterns": {"GET": control_sms.answer_patterns, "POST": control_sms.answer_patterns},
    f"{CONTROL}/settings": {"GET": control.answer_settings, "POST": control.answer_settings},
    f"{CONTROL}/faults": {"GET": control.answer_faults, "POST": control.answer_faults},
    f"{CONTROL}/chances": {"GET": control.answer_chances, "POST": control.answer_chances},
    f"{CONTROL}/bank": {"GET": control_bank.answer_bank},
    f"{CONTROL}/reset": {"POST": control.answer_reset},
    "": {"GET": page.answer_page},
}


MAX_PARTS = max(path.count("/") for path in ROUTES) + 1
MANY_IDS = tuple(path.split("/") for path in ROUTES if path.count("{id}") > 1)


def answer_request(state: State, request: Request) -> Answer:
    """Answer through the table; an unknown path is 404, a known one with another method 405."""
    methods = ROUTES.get(request.path) or _find_with_id(request.path)
    if methods is None:
        return _refuse(request, 404, "Not found")
    handler = methods.get(request.method)
    if handler is None:
        return _refuse(request, 405, "Method not allowed", Allow=", ".join(methods))
    return handler(state, request)


def _find_with_id(path: str) -> dict[str, Handler] | None:
    """The methods of a path of the table with an id for one of its parts, from the last part on, or for several."""
    parts = path.split("/")
    if len(parts) > MAX_PARTS:
        return None
    paths = (
        "/".join([*parts[:place], "{id}", *parts[place + 1 :]]) for place in range(len(parts) - 1, 0, -1)
    )
    found = next((ROUTES[named] for named in paths if named in ROUTES), None)
    return found or next((ROUTES["/".join(named)] for named in MANY_IDS if _fits(parts, named)), None)


def _fits(parts: list[str], named: list[str]) -> bool:
    return len(parts) == len(named) and all(
        part and expected in (part, "{id}") for part, expected in zip(parts[1:], named[1:], strict=True)
    )


def has_latency(path: str) -> bool:
    """Whether a path belongs to a dialect; control and the page answer at once."""
    return path != "" and not path.startswith(CONTROL)


def _refuse(request: Request, status: int, words: str, **headers: str) -> Answer:
    if request.path.startswith(f"{SMS}/"):
        return sms_gateway.refuse(status, words, **headers)
    if request.path.startswith(f"{KAVENEGAR}/"):
        return kavenegar.refuse(status, **headers)
    if request.path.startswith(f"{GRAY_CITY}/"):
        return gray_city.refuse(status, words, **headers)
    if request.path.startswith(f"{HAPPY_FOLLOWER}/"):
        return happy_follower.refuse(status, words, **headers)
    if request.path.startswith(f"{PANEL_APP}/"):
        return panel_app.refuse(status, words, **headers)
    return json_answer({"error": words}, status, **headers)
