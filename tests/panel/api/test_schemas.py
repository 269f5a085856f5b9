"""What the schema of each contract allows and forbids, sent by schemathesis: nothing breaks or is undocumented."""

from copy import deepcopy
from dataclasses import dataclass

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

from orders.services import OrderRequest, place_order
from orders.trials import place_trial
from panel.accounts.models import ApiToken, Customer
from panel.accounts.sessions import open_session
from panel.api.docs.contracts import CONTRACTS
from panel.api.gray_city.kinds import TYPES_BY_KIND
from panel.api.happy_follower.auth import HAPPY_FOLLOWER, SANDBOX
from panel.lib.secrets import digest_token
from panel.lib.tracking import make_tracking_id
from panel.wsgi import application
from tests.factories import make_customer, make_key, make_service

EXAMPLES = 10  # of each operation and mode; the same ones in every run
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
LINK = "https://www.instagram.com/p/abc"
# What each address of gray-city sells; those of watch time need another host to tell a video's length.
KINDS = {"follower-pro": "follower_pro", "follower": "follower", "ads": "ads", "watch-time": "watch_time"}


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
    """What calls can be about: a customer, services by kind, an order and a trial order."""

    customer: Customer
    services: dict
    order_id: int
    trial_id: int


@pytest.fixture
def shop(db, settings):
    settings.API_CALLS_PER_MINUTE = {0: 1_000_000}
    settings.APARAT_URL = ""
    customer = make_customer(toman=1_000_000_000)
    services = {
        kind: make_service(kind=kind, type=TYPES_BY_KIND[kind][0], min=1).pk for kind in TYPES_BY_KIND
    }
    like = services["like"]
    order_id = place_order(customer.pk, "dashboard", like, {"link": LINK, "quantity": 100}).order_id
    trial_id = place_trial(customer.pk, OrderRequest(like, {"link": LINK, "quantity": 100}))
    return Shop(customer, services, order_id, trial_id)


def make_secret(slug, customer, is_key):
    """What the contract's calls carry in Authorization, or as `key`; `is_key` where happy-follower wants the key."""
    if slug == "standard":
        return make_key(customer)
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
        **dict.fromkeys(("service", "category", "product", "serviceId"), service),
        **dict.fromkeys(("order", "orderId", "order_id"), order_id),
        "tracking_id": st.just(make_tracking_id(shop.order_id)),
        "link": st.just(LINK),
        **dict.fromkeys(("quantity", "count"), st.integers(1, 100)),
    }
    is_whole = draw(st.booleans())
    for values in (case.body, case.query, case.path_parameters):
        if isinstance(values, dict):
            for field in sorted(real.keys() & values.keys()):
                if is_whole or field == "key" or draw(st.booleans()):
                    values[field] = draw(real[field])
    if is_whole and isinstance(case.body, dict):
        case.body.update(link=LINK, count=draw(real["count"]))


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_documented(shop, name, mode):
    slug, operation = OPERATIONS[name]
    secret = make_secret(slug, shop.customer, name.endswith("/auth"))
    answered = set()

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=EXAMPLES,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def send(data):
        case = data.draw(operation.as_strategy(generation_mode=mode))
        headers = {"Accept-Encoding": "identity"}
        if mode is GenerationMode.POSITIVE:
            make_real(case, data.draw, secret, shop, name)
            headers |= {} if slug == "standard" else {"Authorization": secret}
        answer = case.call(app=application, headers=headers)
        answered.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    send()
    good = mode is GenerationMode.POSITIVE and not name.endswith(("/ref-auth", "/watch-time/create/"))
    assert answered >= ({200} if good else set())
    assert connection.is_usable()
