"""Rows that tests are about, made through the product's own functions where money is concerned."""

import itertools

from orders.models import Category, Service
from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import issue_token
from panel.wallet.adjustments import adjust_wallet
from providers.models import Provider, Route

_numbers = itertools.count(1)


def make_customer(toman=0, **fields):
    """A customer with a verified mobile and `toman` in the wallet."""
    number = next(_numbers)
    # The sandbox takes some last digits as wishes: none from 3000 to 8999.
    mobile = f"+98912{number // 6000:03d}{3000 + number % 6000}"
    fields = {"mobile": mobile, "mobile_verified": True, "language": "en"} | fields
    customer = Customer.objects.create(username=fields.pop("username", f"customer-{number}"), **fields)
    if toman:
        adjust_wallet(customer_id=customer.pk, amount=toman, reason="test", key=f"test:{customer.pk}")
    return customer


def make_key(customer, contract=ApiToken.Contract.STANDARD):
    """A key of the customer's for that contract, as the text that its holder sends."""
    return issue_token(customer, contract)[1]


def make_service(**fields):
    """A default service at 2,000 toman per 1,000, from 10 to 10,000 at once; many orders may run on one link."""
    fields = {"name": "Likes", "price": 2000, "min": 10, "max": 10_000, "same_link": "allow"} | fields
    if "category" not in fields:
        fields["category"] = Category.objects.create(name="Instagram")
    return Service.objects.create(**fields)


def make_provider(url, **fields):
    """A provider of the standard dialect at a sandbox's `url`."""
    fields = {"name": f"provider-{next(_numbers)}", "key": "sandbox-key"} | fields
    return Provider.objects.create(url=f"{url}/standard/api/v2", **fields)


def make_route(service, provider, upstream_service="1", **fields):
    """A route of the service to that provider; sandbox service 1 is a default one from 50 up."""
    return Route.objects.create(
        service=service, provider=provider, upstream_service=upstream_service, **fields
    )
