"""The routing table: which function answers which method and path. A new dialect adds its lines here.

A path whose last part is an id stands there with `{id}` for it.
"""

from collections.abc import Callable

from providers.sandbox import (
    aparat,
    bank,
    bank_page,
    control,
    gray_city,
    happy_follower,
    page,
    panel_app,
    posts,
    sms_gateway,
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
APARAT = "/aparat/etc/api"
BANK = "/bank"
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
    f"{SMS}/sms/send": {"POST": sms_gateway.answer_send},
    f"{SMS}/sms/status": {"GET": sms_gateway.answer_status},
    f"{APARAT}/video/videohash/{{id}}": {"GET": aparat.answer_video},
    f"{BANK}/pg/v4/payment/request.json": {"POST": bank.answer_begin},
    f"{BANK}/pg/v4/payment/verify.json": {"POST": bank.answer_verify},
    f"{BANK}/pg/StartPay/{{id}}": {"GET": bank_page.answer_start},
    f"{BANK}/pay/{{id}}": {"POST": bank_page.answer_pay},
    POSTS: {"GET": posts.answer_posts},
    f"{POSTS}/{{id}}": {"POST": posts.answer_add},
    f"{CONTROL}/orders": {"GET": control.answer_orders, "POST": control.answer_bulk},
    f"{CONTROL}/counters": {"GET": control.answer_counters},
    f"{CONTROL}/sms": {"GET": control.answer_messages},
    f"{CONTROL}/settings": {"GET": control.answer_settings, "POST": control.answer_settings},
    f"{CONTROL}/faults": {"GET": control.answer_faults, "POST": control.answer_faults},
    f"{CONTROL}/reset": {"POST": control.answer_reset},
    "": {"GET": page.answer_page},
}


def answer_request(state: State, request: Request) -> Answer:
    """Answer through the table; an unknown path is 404, a known one with another method 405."""
    parent = request.path.rpartition("/")[0]
    methods = ROUTES.get(request.path) or ROUTES.get(f"{parent}/{{id}}")
    if methods is None:
        return _refuse(request, 404, "Not found")
    handler = methods.get(request.method)
    if handler is None:
        return _refuse(request, 405, "Method not allowed", Allow=", ".join(methods))
    return handler(state, request)


def has_latency(path: str) -> bool:
    """Whether a path belongs to a dialect; control and the page answer at once."""
    return path != "" and not path.startswith(CONTROL)


def _refuse(request: Request, status: int, words: str, **headers: str) -> Answer:
    if request.path.startswith(f"{SMS}/"):
        return json_answer({"status": status, "message": words}, status, **headers)
    if request.path.startswith(f"{GRAY_CITY}/"):
        return gray_city.refuse(status, words, **headers)
    if request.path.startswith(f"{HAPPY_FOLLOWER}/"):
        return happy_follower.refuse(status, words, **headers)
    if request.path.startswith(f"{PANEL_APP}/"):
        return panel_app.refuse(status, words, **headers)
    return json_answer({"error": words}, status, **headers)
