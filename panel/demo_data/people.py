"""The demo's customers and staff, with passwords that everybody knows (panel.checks refuses them elsewhere)."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils import timezone

from panel.accounts.models import ApiToken, Customer
from panel.accounts.tokens import issue_token
from panel.lib.mobile import national_mobile
from panel.staff.roles import CATALOGUE, FINANCE, OWNER, SUPPORT, set_roles
from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Currency, Transfer

OPERATOR_MAY_CHANGE = (
    "change_bundlepurchase",
    "change_campaign",
    "change_dispatch",
    "change_gateway",
    "change_like",
    "change_linkhold",
    "change_message",
    "change_order",
    "change_orderevent",
    "change_pattern",
    "change_priceproposal",
    "change_provider",
    "change_providerevent",
    "change_providersync",
    "change_refill",
    "change_route",
    "change_serviceevent",
    "change_ticket",
)
CONTRACT_WORDS = ("panel_app", "gray_city", "happy_follower_key", "likenama", "sms", "standard_key")
# The app's token is what a login gives: an API key may not change a profile.
LOGIN_TOKEN_DAYS = 30
SERVED_CONTRACTS = {
    "panel_app": ApiToken.Contract.PANEL_APP,
    "gray_city": ApiToken.Contract.GRAY_CITY,
    "happy_follower_key": ApiToken.Contract.HAPPY_FOLLOWER,
    "likenama": ApiToken.Contract.LIKENAMA,
    "sms": ApiToken.Contract.SMS_REST,
    "standard_key": ApiToken.Contract.STANDARD,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo; their wallets are given `funds` toman and `credit` likes and coins, once."""

    username: str
    password: str
    first_name: str
    mobile: str | None = None
    funds: int = 0
    credit: int = 0
    is_superuser: bool = False
    role: str = ""

    @property
    def email(self):
        return f"{self.username}@demo.example"


CUSTOMER = Person("customer", "demo-customer", "مشتری", "+989121000001", funds=50_000_000, credit=100_000)
OTHER = Person("other", "demo-other", "همکار", "+989121000002", funds=2_000_000, credit=100_000)
POOR = Person("poor", "demo-poor", "تازه‌وارد", "+989121000003")
ADMIN = Person("admin", "demo-admin", "مدیر", is_superuser=True)
OPERATOR = Person("operator", "demo-operator", "اپراتور")
# One of the staff for each role (panel/staff/roles.py).
ROLE_PEOPLE = (
    Person("owner", "demo-owner", "مالک", role=OWNER),
    Person("finance", "demo-finance", "حسابدار", role=FINANCE),
    Person("support", "demo-support", "پشتیبان", role=SUPPORT),
    Person("catalogue", "demo-catalogue", "کارشناس سرویس‌ها", role=CATALOGUE),
)
PEOPLE = (CUSTOMER, OTHER, POOR)
STAFF = (ADMIN, OPERATOR)


def load_people():
    """Store the people who are missing, put their passwords right, fund wallets and issue tokens, each once."""
    for person in STAFF:
        _allow_operating(_load_person(person, is_staff=True, is_superuser=person.is_superuser))
    set_roles()
    for person in ROLE_PEOPLE:
        _load_person(person, is_staff=True).groups.set(Group.objects.filter(name=person.role))
    for person in PEOPLE:
        customer = _load_person(person, mobile=person.mobile, mobile_verified=True)
        _fund_wallets(customer, person)
        for contract in SERVED_CONTRACTS.values():
            _issue_token(customer, contract, derive_token(person, contract))


def _load_person(person, **fields):
    defaults = {"email": person.email, "first_name": person.first_name, **fields}
    row, _ = Customer.objects.get_or_create(username=person.username, defaults=defaults)
    if not row.check_password(person.password):
        row.set_password(person.password)
        row.save(update_fields=["password", "changed"])
    return row


def _allow_operating(staff):
    """Staff see everything of ours and settle what waits for a person; only the superuser does more."""
    apps = ("accounts", "wallet", "support", "rewards", "orders", "providers", "sms", "campaigns")
    ours = Q(content_type__app_label__in=apps)
    may = Q(codename__startswith="view_") | Q(codename__in=OPERATOR_MAY_CHANGE)
    staff.user_permissions.add(*Permission.objects.filter(ours & may))


def _issue_token(customer, contract, token):
    if contract != ApiToken.Contract.PANEL_APP:
        issue_token(customer, contract, name="demo", token=token)
        return
    row, _ = issue_token(customer, contract, name="demo", token=token, use=ApiToken.Use.ACCESS)
    until = timezone.now() + timedelta(days=LOGIN_TOKEN_DAYS)
    # Somebody may have logged out with it since.
    ApiToken.objects.filter(pk=row.pk).update(revoked_at=None, expires_at=until)


def _fund_wallets(customer, person):
    """Credit the wallets under fixed keys: what was spent since is not given again."""
    open_wallet(customer.pk)
    _give(customer, Currency.TOMAN, person.funds, "funds")
    for currency in (Currency.LIKE, Currency.COIN):
        _give(customer, currency, person.credit, f"funds:{currency.value}")


def _give(customer, currency, amount, word):
    if amount:
        transfer(
            debit_id=house_id(Account.Kind.ADJUSTMENTS, currency),
            credit_id=open_wallet(customer.pk, currency).pk,
            amount=amount,
            kind=Transfer.Kind.ADJUSTMENT,
            key=f"demo:{customer.pk}:{word}",
            reference="demo",
        )


def derive_token(person, contract):
    """The person's token of a contract: the same each time, and secret like SECRET_KEY is."""
    message = f"demo:{person.username}:{contract}".encode()
    return "demo-" + hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def describe_person(person):
    """How the person logs in."""
    return {"mobile": national_mobile(person.mobile), "email": person.email, "password": person.password}


def describe_tokens(person):
    """The person's tokens by contract; None where the contract is not served yet."""
    return dict.fromkeys(CONTRACT_WORDS) | {
        word: derive_token(person, contract) for word, contract in SERVED_CONTRACTS.items()
    }
