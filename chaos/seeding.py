"""The shop of a run: providers behind their gates, a service for each, and customers with money and keys."""

from dataclasses import dataclass

from django.core.management import call_command

from campaigns.models import Bundle, CampaignClass
from chaos.prices import (
    BUNDLE,
    BUNDLE_COINS,
    BUNDLE_PRICE,
    FUNDS,
    LIKE_SHARE,
    LIKE_VALUE,
    PART_PRICE,
    PRICE,
    SENDER,
    TWO_ROUTES,
)
from chaos.surroundings import KAVENEGAR, SMS_REST, UPSTREAMS
from orders.models import Category, Service
from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import issue_token
from panel.engines.ports import HOST
from panel.wallet.adjustments import adjust_wallet
from providers.models import Provider, Route
from sms.models import Gateway, Package, SenderLine

CUSTOMERS = 6
UPSTREAM_SERVICE = "2"  # the sandbox's likes, which every dialect sells
ROUTES_OF_TWO = ("standard", "panel-app")
CONTRACTS = {
    "standard": ApiToken.Contract.STANDARD,
    "gray_city": ApiToken.Contract.GRAY_CITY,
    "happy_follower": ApiToken.Contract.HAPPY_FOLLOWER,
    "panel_app": ApiToken.Contract.PANEL_APP,
    "likenama": ApiToken.Contract.LIKENAMA,
    "sms_rest": ApiToken.Contract.SMS_REST,
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer as a client knows itself: `tokens` by contract."""

    id: int
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shop:
    """What the load orders of: `services` are ids by the upstream they go to."""

    buyers: list[Buyer]
    services: dict[str, int]
    class_id: int


def seed_shop(gates: dict[str, int]) -> Shop:
    """Migrate the empty database and fill it; `gates` are the neighbours' ports by name."""
    call_command("migrate", verbosity=0)
    category = Category.objects.create(name="Instagram")
    providers = {upstream.name: _make_provider(upstream, gates[upstream.name]) for upstream in UPSTREAMS}
    services = {name: _make_service(category, name, [provider]) for name, provider in providers.items()}
    services[TWO_ROUTES] = _make_service(category, TWO_ROUTES, [providers[name] for name in ROUTES_OF_TWO])
    _open_texting(gates)
    kind = CampaignClass.objects.create(
        line="likes",
        payment_type="like",
        campaign_value=LIKE_VALUE,
        user_share=LIKE_SHARE,
        max_user_likes=10**6,
    )
    Bundle.objects.create(bazaar_sku=BUNDLE, price=BUNDLE_PRICE, coins=BUNDLE_COINS, free_coins=0)
    return Shop([_make_buyer(number) for number in range(CUSTOMERS)], services, kind.pk)


def _make_provider(upstream, port):
    return Provider.objects.create(
        name=upstream.name,
        dialect=upstream.dialect,
        url=f"http://{HOST}:{port}{upstream.path}",
        key=upstream.key,
        honours_idempotency_key=upstream.honours,
    )


def _make_service(category, name, providers):
    """The id of a service that each of the contracts sells."""
    fields = {"kind": Service.Kind.LIKE, "price": PRICE, "min": 10, "max": 10_000, "dripfeed": True}
    service = Service.objects.create(category=category, name=f"Likes by {name}", same_link="allow", **fields)
    for place, provider in enumerate(providers, start=1):
        Route.objects.create(
            service=service, provider=provider, upstream_service=UPSTREAM_SERVICE, priority=10 * place
        )
    return service.pk


def _open_texting(gates):
    """Both gateways, REST first, and a number for everybody."""
    rest, kavenegar = (f"http://{HOST}:{gates[name]}" for name in (SMS_REST, KAVENEGAR))
    Gateway.objects.create(
        name=SMS_REST, kind="rest", url=f"{rest}/sms/api/v1/rest", token="sandbox-sms-token", sender=SENDER
    )
    Gateway.objects.create(
        name=KAVENEGAR,
        kind="kavenegar",
        url=f"{kavenegar}/kavenegar",
        token="sandbox-kavenegar-key",
        sender=SENDER,
        priority=2,
    )
    Package.objects.create(name="all", persian_price=PART_PRICE, latin_price=PART_PRICE, is_default=True)
    SenderLine.objects.create(number=SENDER, advertising=False)


def _make_buyer(number):
    customer = Customer.objects.create(
        username=f"buyer-{number}", mobile=f"+98912001{4000 + number}", mobile_verified=True, language="en"
    )
    for currency in ("toman", "like"):
        key = f"chaos:{customer.pk}:{currency}"
        adjust_wallet(customer_id=customer.pk, amount=FUNDS, reason="chaos", key=key, currency=currency)
    tokens = {name: issue_token(customer, contract)[1] for name, contract in CONTRACTS.items()}
    return Buyer(customer.pk, tokens)
