"""What the schema of each contract allows and forbids, sent by schemathesis: nothing breaks or is undocumented."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from orders.models import Service
from orders.services import OrderRequest, place_order
from orders.stats import sum_days
from orders.trials import place_trial
from panel.accounts.login_tokens import open_login
from panel.accounts.models import ApiToken, Customer
from panel.accounts.sessions import open_session
from panel.api.docs.contracts import CONTRACTS
from panel.api.docs.likenama_calls import ACCEPT, CAMPAIGN, CAMPAIGN_ID, CLASS_ID, PRODUCT_ID, SKU
from panel.api.docs.panel_app_words import LOGIN
from panel.api.gray_city.kinds import TYPES_BY_KIND
from panel.api.happy_follower.auth import HAPPY_FOLLOWER, SANDBOX
from panel.lib.secrets import digest_token
from panel.lib.tracking import make_tracking_id
from panel.support.tickets import open_ticket
from panel.wsgi import application
from sms.models import Package, Pattern, Phonebook, PhonebookNumber, SenderLine
from tests.factories import make_customer, make_key, make_service
from tests.panel.api.docs.exchange import make_exchange
from tests.panel.rewards.conftest import rules  # noqa: F401 - a fixture
from tests.panel.rewards.prizes import make_gift, make_win
from tests.panel.wallet.payments.steps import begin, pay_at_bank

# Of each operation and mode, the same ones for the same code; MORE where no good answer is among them.
EXAMPLES, MORE = 10, 100
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
GOOD = {200, 201, 302}  # the last one sends a browser to the bank
LINE_NUMBER = "3000123"
LINK = "https://www.instagram.com/p/abc"
# Whoever brings no token of happy-follower is answered as by panel-app there (panel/api/shared_paths.py).
SHARED = {
    f"happy-follower {label}": f"panel-app {label}"
    for label in ("GET /api/v1/services", "POST /api/v1/order")
}
# Whose good answer needs what schemas can't tell: the newest token, a video's length, an SMS, DEBUG.
NEVER_GOOD = ("/ref-auth", "/watch-time/create/", "/login/verify", "/payment/test")
# What likenama's calls can name (tests/panel/api/docs/exchange.py).
EXCHANGE = {
    "campaign_class_id": CLASS_ID,
    "target_url": CAMPAIGN["target_url"],
    "budget": 10,
    "phone": "09123456789",
    "website": "https://shop.example/",
    "campaign_id": CAMPAIGN_ID,
    "access_token": "like-token",
    "product_id": PRODUCT_ID,
    "sku": SKU,
    "purchase_token": "good-purchase",
    "email": "sample@example.com",
    "title": "A text",
    "content": "A text",
}
# What each address of gray-city sells; those of watch time need another host to tell a video's length.
KINDS = {"follower-pro": "follower_pro", "follower": "follower", "ads": "ads", "watch-time": "watch_time"}


@WSGI_TRANSPORT.serializer("application/x-www-form-urlencoded")
def write_form(_context, body):
    """As a client over HTTP writes it: schemathesis leaves that to werkzeug, which can't where a body isn't flat."""
    if isinstance(body, Mapping):
        body = urlencode({name: value for name, value in body.items() if value is not None}, doseq=True)
    elif not isinstance(body, str | bytes):
        body = json.dumps(body)
    return {"data": body}


def load(slug):
    """The contract's schema as schemathesis reads it: a copy, for it fills the examples in."""
    with override("en"):
        return schemathesis.openapi.from_dict(deepcopy(CONTRACTS[slug].build()))


SCHEMAS = {slug: load(slug) for slug in CONTRACTS}
OPERATIONS = {
    f"{slug} {found.ok().label}": (slug, found.ok())
    for slug, schema in SCHEMAS.items()
    for found in schema.get_all_operations()
}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(autouse=True)
def _one_connection():
    """As Django's test client does: requests don't close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@dataclass(frozen=True)
class Shop:
    """What calls can be about: a customer, services by kind, an order, a trial order, and what the app has."""

    customer: Customer
    services: dict
    order_id: int
    trial_id: int
    app: dict  # field of panel-app → what is there
    sms: dict  # the same of the SMS gateway
    exchange: dict  # and of likenama


@pytest.fixture
def shop(request, db, settings):
    settings.API_CALLS_PER_MINUTE = {0: 1_000_000}
    settings.APARAT_URL = ""
    customer = make_customer(toman=1_000_000_000)
    services = {
        kind: make_service(kind=kind, type=TYPES_BY_KIND[kind][0], min=1).pk for kind in TYPES_BY_KIND
    }
    like = services["like"]
    order_id = place_order(customer.pk, "dashboard", like, {"link": LINK, "quantity": 100}).order_id
    trial_id = place_trial(customer.pk, OrderRequest(like, {"link": LINK, "quantity": 100}))
    app = request.getfixturevalue("app")(customer, like)
    make_exchange(customer, codes=EXAMPLES + MORE)
    return Shop(customer, services, order_id, trial_id, app, make_sms(customer), EXCHANGE)


@pytest.fixture
def app(rules, sandbox, settings):  # noqa: F811
    """Makes what panel-app has besides services and orders: a ticket, wins of a gift, and a paid payment."""
    settings.SANDBOX_URL, settings.ZARINPAL_URL = sandbox.url, f"{sandbox.url}/bank"
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    settings.BAZAAR_URL = f"{sandbox.url}/bazaar/devapi/v2/api"
    settings.PAYMENTS_PER_HOUR = 1_000_000

    def fill(customer, service):
        sum_days()
        gift = make_gift(Service.objects.get(pk=service))
        for _ in range(EXAMPLES):
            make_win(customer, gift)
        payment = begin(customer)
        pay_at_bank(payment)
        return {
            **dict.fromkeys(("category_id", "service_type", "is_drip_feed"), ""),
            "ticket_id": open_ticket(customer.pk, "Late", "My order is late.").pk,
            "gift_id": gift.pk,
            "Authority": payment.authority,
        }

    return fill


def make_sms(customer):
    """What the SMS gateway's calls can name: a number to send from, a pattern and a phonebook."""
    Package.objects.create(name="basic", persian_price=10, latin_price=5, is_default=True)
    SenderLine.objects.create(number=LINE_NUMBER, advertising=False)
    pattern = Pattern.objects.create(customer=customer, title="hello", body="Hello", state="approved")
    book = Phonebook.objects.create(customer=customer, name="friends")
    PhonebookNumber.objects.create(book=book, number="+989121111111")
    return {
        "from": LINE_NUMBER,
        "recipients": ["09121111111"],
        "patternId": pattern.pk,
        "bookId": book.pk,
        "book_id": book.pk,
        "name": book.name,
        "numbers": ["09122222222"],
    }


def make_secret(slug, customer, is_key):
    """What the contract's calls carry in Authorization, or as `key`; `is_key` where a key is wanted."""
    if slug == "panel-app":
        key = make_key(customer, ApiToken.Contract.PANEL_APP) if is_key else open_login(customer).token
        return f"Bearer {key}"
    if slug == "standard":
        return make_key(customer)
    if slug in ("sms-rest", "likenama"):
        return make_key(customer, CONTRACTS[slug].contract)
    if slug == "gray-city":
        return f"Token {make_key(customer, ApiToken.Contract.GRAY_CITY)}"
    key = make_key(customer, ApiToken.Contract.HAPPY_FOLLOWER)
    if is_key:
        return f"Bearer {key}"
    contract = HAPPY_FOLLOWER if slug == "happy-follower" else SANDBOX
    return f"Bearer {open_session(digest_token(key), HAPPY_FOLLOWER, contract, '127.0.0.1').token}"


def make_real(case, draw, secret, shop, name):
    """Put what is there in the place of made-up values, for each of them now and then."""
    kind = next((kind for path, kind in KINDS.items() if f"{path}/create" in name), "like")
    service = st.sampled_from([shop.services[kind]] * 4 + [*shop.services.values()])
    order_id = st.just(shop.trial_id if "sandbox" in name else shop.order_id)
    real = {
        "key": st.just(secret),
        **dict.fromkeys(("service", "category", "product", "serviceId", "service_id"), service),
        **dict.fromkeys(("order", "orderId", "order_id"), order_id),
        "tracking_id": st.just(make_tracking_id(shop.order_id)),
        "link": st.just(LINK),
        **dict.fromkeys(("subject", "description"), st.just("A text")),
        **dict.fromkeys(("quantity", "count"), st.integers(1, 100)),
        **{field: st.just(value) for field, value in (shop.app | shop.sms | shop.exchange).items()},
    }
    is_whole = draw(st.booleans())
    # What is drawn may be an example that later draws share.
    case.body, case.query = deepcopy(case.body), deepcopy(case.query)
    case.path_parameters = deepcopy(case.path_parameters)
    inner = case.body.values() if isinstance(case.body, dict) else ()
    for values in (case.body, *inner, case.query, case.path_parameters):
        if isinstance(values, dict):
            for field in sorted(real.keys() & values.keys()):
                if is_whole or field == "key" or draw(st.booleans()):
                    values[field] = draw(real[field])
    if is_whole and isinstance(case.body, dict):
        case.body.update(link=LINK, count=draw(real["count"]), quantity=draw(real["quantity"]))


def is_for_keys(slug, operation):
    """Whether the call wants an API key: happy-follower's auth, and all of panel-app that isn't for logins alone."""
    described = operation.definition.raw
    if slug == "panel-app":
        return {LOGIN: []} not in described["security"]
    return described["operationId"] == "auth"


def read_status(slug, answer):
    """The status that matters: panel-app tells it in the body, but for the bare order, whose status is a word."""
    if slug != "panel-app" or answer.status_code != 200:
        return answer.status_code
    told = answer.json()["status"]
    return told if isinstance(told, int) else 200


def can_be_wrong(operation):
    """Whether the call carries anything that could be wrong; no secrets are made up for headers of their own."""
    described = operation.definition.raw
    security = described.get("security", ())
    in_authorization = any(security) and not any("password" in one for one in security)
    return in_authorization or described.keys() & {"parameters", "requestBody"}


CASES = [
    pytest.param(name, mode, id=f"{name}-{mode.value}")
    for name, (_slug, operation) in OPERATIONS.items()
    for mode in MODES
    if mode is GenerationMode.POSITIVE or can_be_wrong(operation)
]


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_every_answer_is_documented(shop, name, mode):
    slug, operation = OPERATIONS[name]
    secret = make_secret(slug, shop.customer, is_for_keys(slug, operation))
    is_known = slug in ("panel-app", "likenama") or name in SHARED  # even where the rest of the call is wrong
    answered = set()

    @given(data=st.data())
    def send(data):
        case = data.draw(operation.as_strategy(generation_mode=mode))
        headers = {"Accept-Encoding": "identity"}
        if mode is GenerationMode.POSITIVE:
            make_real(case, data.draw, secret, shop, name)
        if slug != "standard" and (mode is GenerationMode.POSITIVE or is_known):
            headers["token" if slug == "sms-rest" else "Authorization"] = secret
        if slug == "panel-app":
            headers["Accept"] = data.draw(st.sampled_from(["application/json", "*/*"]))
        if slug == "likenama" and mode is GenerationMode.POSITIVE:
            headers["Accept"] = ACCEPT
        answer = case.call(app=application, headers=headers)
        answered.add(read_status(slug, answer))
        if name in SHARED and "Authorization" not in answer.request.headers:
            OPERATIONS[SHARED[name]][1].validate_response(answer)
        else:
            case.validate_response(answer, checks=CHECKS)

    good = mode is GenerationMode.POSITIVE and not name.endswith(NEVER_GOOD)
    for examples in (EXAMPLES, MORE):
        quietly = settings(
            derandomize=True,
            database=None,
            deadline=None,
            max_examples=examples,
            suppress_health_check=list(HealthCheck),
        )
        quietly(send)()
        if not good or answered & GOOD:
            break
    assert not good or answered & GOOD
    assert connection.is_usable()
