"""Looking inside and steering, at `/control/...`: JSON for tests and scripts.

| call | what it does |
|---|---|
| `GET /control/orders?link=&since_id=` | every order made, oldest first |
| `POST /control/orders` `{count, service, quantity, link, key}` | makes many alike orders, free of charge |
| `GET /control/counters` | what came in and what was made |
| `GET /control/sms?mobile=` | messages that were sent, newest first (100) |
| `GET /control/sms/counts?text=&since_id=` | who got how many texts (`control_sms.py`) |
| `GET`, `POST /control/people` `{uid, username}` | people of the played Instagram (`control_people.py`) |
| `GET`, `POST /control/patterns` `{id, name, text, active}` | patterns of the SMS gateways (`sms_patterns.py`) |
| `GET`, `POST /control/settings` `{pace, latency, token_seconds, sms_ahead, ahead}` | seconds, at once |
| `GET`, `POST /control/faults` `{action, kind, times}` | spoils the next calls of an action (`faults.py`) |
| `GET`, `POST /control/chances` `{seed, kinds}` | spoils calls at random (`chances.py`) |
| `GET /control/bank` | what the bank was paid (`control_bank.py`) |
| `POST /control/reset` | forgets everything |

Actions of faults are those of the standard API for all dialects, and a few of one alone:

| action | standard | gray-city | happy-follower | panel-app |
|---|---|---|---|---|
| `add` | `add` | each `order/.../create` | `order` | `POST order` |
| `status` | `status` | `order/tracking` | `status/{id}` | `order/{id}` |
| `services` | `services` | `categories` | `services` | `services` |
| `balance` | `balance` | `user/info` | `credit` | `user` |
| `cancel` | `cancel` | | `cancel` | |
| `refill` | `refill` | | `recheck` | |
| `refill_status` | `refill_status` | | | |
| `token` | | `user/token` | | |
| `auth`, `ref-auth` | | | the same | |
| `categories` | | | | `categories` |
| `orders` | | | | `GET order` |

The SMS gateway has its operations, `sms/send`, `my/credit` and so on, and `phonebook/create`, `phonebook/delete`,
`number/list`, `number/add`, `number/delete`, `my/phonebook/{name}`; Kavenegar `kavenegar/sms/send`,
`kavenegar/account/info` and so on; the bank `bank/request`, `bank/verify`; Instagram `instagram/picture`,
`instagram/likes`, `instagram/token`; the app store `bazaar/validate`, `bazaar/consume`. `sms_ahead` is how far the
clock of the SMS gateways runs ahead, so that scheduled messages need no waiting for; `ahead` the same of the clock
by which orders and tokens grow old, which may also be behind.
"""

import math
from dataclasses import asdict, fields
from typing import Any

from providers.sandbox.bank import ACTIONS as BANK_ACTIONS
from providers.sandbox.bazaar import ACTIONS as BAZAAR_ACTIONS
from providers.sandbox.catalogue import SERVICES
from providers.sandbox.fates import read_fate
from providers.sandbox.faults import KINDS
from providers.sandbox.instagram import ACTIONS as INSTAGRAM_ACTIONS
from providers.sandbox.instagram_login import ACTIONS as LOGIN_ACTIONS
from providers.sandbox.kavenegar import ACTIONS as KAVENEGAR_ACTIONS
from providers.sandbox.orders import Draft, list_orders, make_orders
from providers.sandbox.panel_app import ACTIONS as PANEL_APP_ACTIONS
from providers.sandbox.sms_gateway import ACTIONS as SMS_ACTIONS
from providers.sandbox.standard import ACTIONS
from providers.sandbox.state import Speeds, State, reset_state
from providers.sandbox.store import Store
from providers.sandbox.wire import Answer, Request, json_answer

FAULTY_ACTIONS = frozenset(
    {
        "add",
        *ACTIONS,
        "token",
        "auth",
        "ref-auth",
        *PANEL_APP_ACTIONS,
        *BANK_ACTIONS,
        *BAZAAR_ACTIONS,
        *INSTAGRAM_ACTIONS,
        *LOGIN_ACTIONS,
        *SMS_ACTIONS,
        *KAVENEGAR_ACTIONS,
    }
)
COUNTERS = (
    "adds_received",
    "status_calls",
    "ids_asked",
    "cancels",
    "auth_calls",
    "refresh_calls",
    "rechecks",
    "sms_received",
    "sms_status_calls",
    "kavenegar_received",
    "kavenegar_status_calls",
)
CLOCK = "ahead"
SPEEDS = tuple(speed.name for speed in fields(Speeds))
MAX_TIMES = 1_000_000
MAX_SECONDS = 2 * 366 * 86_400


class ControlError(Exception):
    """A control call makes no sense; the text says why."""


def read_counters(store: Store) -> dict[str, int]:
    """Calls that came (refused ones included), ids in them, and what was really made."""
    with store.transaction() as database:
        stored = dict(database.execute("SELECT name, value FROM counters").fetchall())
        orders = database.execute("SELECT count(*) FROM orders").fetchone()[0]
        messages = database.execute("SELECT count(*) FROM messages").fetchone()[0]
        recipients = database.execute("SELECT count(*) FROM recipients").fetchone()[0]
    counted = {name: stored.get(name, 0) for name in COUNTERS}
    return counted | {"orders_made": orders, "messages_made": messages, "recipients_made": recipients}


def change_speeds(state: State, changes: dict[str, Any]) -> None:
    """Set some of SPEEDS, all in seconds; a clock may be behind, nothing else is below 0. Raises ControlError."""
    if not changes.keys() <= set(SPEEDS):
        raise ControlError(f"settings are {', '.join(SPEEDS)}")
    for name, seconds in changes.items():
        if not _is_number(seconds) or not _is_duration(abs(seconds) if name == CLOCK else seconds):
            raise ControlError(f"settings are seconds, from 0 to {MAX_SECONDS}")
    for name, seconds in changes.items():
        setattr(state.speeds, name, float(seconds))


def set_fault(state: State, action: Any, kind: Any, times: Any) -> None:
    """Spoil the next `times` calls of `action`. Raises ControlError."""
    if str(action) not in FAULTY_ACTIONS or str(kind) not in KINDS:
        raise ControlError(f"actions: {', '.join(sorted(FAULTY_ACTIONS))}; kinds: {', '.join(KINDS)}")
    state.faults.add(str(action), str(kind), read_count(times))


def answer_orders(state: State, request: Request) -> Answer:
    """`GET /control/orders`."""
    query = dict(request.query_pairs())
    since = query.get("since_id", "0")
    if not (since.isascii() and since.isdigit() and len(since) < 16):
        return json_answer({"error": "since_id is an order id"}, 400)
    orders = list_orders(
        state.store, state.speeds.pace, state.tell_time(), link=query.get("link"), since_id=int(since)
    )
    return json_answer({"orders": orders})


def answer_bulk(state: State, request: Request) -> Answer:
    """`POST /control/orders`."""
    try:
        body = read_object(request)
        first, last = _make_bulk(state, body)
    except ControlError as error:
        return json_answer({"error": str(error)}, 400)
    return json_answer({"first": first, "last": last})


def _make_bulk(state: State, body: dict[str, Any]) -> tuple[int, int]:
    service = SERVICES.get(read_count(body.get("service", 1)))
    if service is None:
        raise ControlError("no such service")
    link = str(body.get("link", "https://example.com/bulk"))
    key, quantity = str(body.get("key", "sandbox-key")), read_count(body.get("quantity", service.min))
    draft = Draft(key, service, link, quantity, read_fate(link, 1), {}, None, is_free=True)
    return make_orders(state.store, draft, read_count(body.get("count")), state.tell_time())


def answer_counters(state: State, request: Request) -> Answer:
    """`GET /control/counters`."""
    return json_answer(read_counters(state.store))


def answer_settings(state: State, request: Request) -> Answer:
    """`GET` and `POST /control/settings`."""
    try:
        if request.method == "POST":
            change_speeds(state, read_object(request))
    except ControlError as error:
        return json_answer({"error": str(error)}, 400)
    return json_answer(asdict(state.speeds))


def answer_faults(state: State, request: Request) -> Answer:
    """`GET` and `POST /control/faults`."""
    try:
        if request.method == "POST":
            body = read_object(request)
            set_fault(state, body.get("action"), body.get("kind"), body.get("times", 1))
    except ControlError as error:
        return json_answer({"error": str(error)}, 400)
    return json_answer({"waiting": state.faults.count()})


def answer_chances(state: State, request: Request) -> Answer:
    """`GET` and `POST /control/chances`."""
    chances = state.faults.chances
    try:
        if request.method == "POST":
            body = read_object(request)
            chances.change(read_count(body.get("seed", 1)), _read_kinds(body.get("kinds")))
    except ControlError as error:
        return json_answer({"error": str(error)}, 400)
    return json_answer({"seed": chances.seed, "kinds": chances.kinds, "drawn": chances.count()})


def _read_kinds(kinds: Any) -> dict[str, float]:
    """Probabilities by kind of fault. Raises ControlError."""
    fits = isinstance(kinds, dict) and kinds.keys() <= set(KINDS)
    if not fits or not all(_is_number(share) and share >= 0 for share in kinds.values()):
        raise ControlError(f"kinds are probabilities of {', '.join(KINDS)}")
    if sum(kinds.values()) > 1:
        raise ControlError("all probabilities together are at most 1")
    return kinds


def answer_reset(state: State, request: Request) -> Answer:
    """`POST /control/reset`."""
    reset_state(state)
    return json_answer({"reset": True})


def read_object(request: Request) -> dict[str, Any]:
    """The body of a control call, an object of JSON. Raises ControlError."""
    try:
        body = request.read_json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ControlError("the body must be a JSON object")
    return body


def read_count(value: Any) -> int:
    """A whole number from 1 to MAX_TIMES. Raises ControlError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_TIMES:
        raise ControlError(f"a count is a whole number from 1 to {MAX_TIMES}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_duration(seconds: float) -> bool:
    return math.isfinite(seconds) and 0 <= seconds <= MAX_SECONDS
