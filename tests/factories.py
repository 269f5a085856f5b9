"""Rows that tests are about, made through the product's own functions where money is concerned."""

import itertools

from campaigns.creating import create_campaign
from campaigns.models import CampaignClass
from campaigns.states import approve_campaign
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


def make_class(payment_type="like", **fields):
    """A current campaign class: a like costs 10, of which the liker gets 5."""
    line = fields.pop("line", f"{payment_type}-{next(_numbers)}")
    fields = {"campaign_value": 10, "user_share": 5} | fields
    return CampaignClass.objects.create(line=line, payment_type=payment_type, **fields)


def give(customer, amount, currency="like"):
    """Put `amount` of a currency into the customer's wallet."""
    key = f"test:{customer.pk}:{next(_numbers)}"
    adjust_wallet(customer_id=customer.pk, amount=amount, reason="test", key=key, currency=currency)


def make_campaign(campaign_class=None, likes=100, owner=None, shown=True, code="CA2-Sn-n9YX"):
    """A campaign that can pay `likes` likes, paid by its owner, and shown unless said otherwise."""
    campaign_class = campaign_class or make_class()
    owner = owner or make_customer()
    budget = likes * campaign_class.campaign_value
    give(owner, budget, campaign_class.payment_type)
    url = f"https://www.instagram.com/p/{code}/"
    campaign = create_campaign(owner.pk, campaign_class.pk, url, budget, {})
    if shown:
        approve_campaign(campaign.pk)
        campaign.refresh_from_db()
    return campaign
