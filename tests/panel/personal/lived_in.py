"""A customer of whom every table knows something, and a look through the whole database."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from campaigns.models import CampaignClass
from orders.models import Order
from panel.accounts.models import Customer
from panel.lib.key_rotation import list_encrypted_fields
from panel.lib.personal import list_personal
from panel.wallet.ledger import open_wallet
from panel.wallet.models import Account, Coupon, Payment
from tests.factories import make_class, make_customer
from tests.filling import fill_row

NAME, MOBILE, EMAIL = "Zoroastr", "+989127654321", "zoro@example.com"
NEEDLES = (NAME, MOBILE.removeprefix("+98"), EMAIL)
COLUMNS = """SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
    USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    AND (data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'inet', 'cidr'))"""
# What a row must be like to be taken by its table, and to be over: nothing that is open is erased.
SHAPES = {
    "orders.Order": {
        "status": "completed",
        "settled_at": timezone.now(),
        "next_try_at": None,
        "parent": None,
    },
    "wallet.Payment": {"state": "paid", "next_ask_at": None},
    "support.Ticket": {"status": "closed"},
    "campaigns.Campaign": {"state": "ended", "rest_due": False},
    "campaigns.BundlePurchase": {"state": "credited"},
    "sms.Send": {"state": "queued"},
    "sms.Message": {"state": "sent"},
    "campaigns.ProductCode": {"price": 1, "sold_at": timezone.now()},
}


def make_lived_in():
    """A customer with rows in every table that knows customers; NAME, MOBILE or EMAIL is in all that is personal."""
    customer = make_customer(
        username=f"the-{NAME}", mobile=MOBILE, email=EMAIL, first_name=NAME, last_name=NAME
    )
    known = {Customer: customer}
    fill_row(Coupon, "x", known, value=10)
    known[CampaignClass] = make_class()
    for part in reversed(list_personal()):
        model = apps.get_model(part.model)
        if model is not Customer and part.model not in (
            "wallet.Account",
            "wallet.Transfer",
            "personal.Erasure",
        ):
            values = {name: _fill(model, name) for name in _list_told(part, model)}
            _make(part, model, known, values | SHAPES.get(part.model, {}))
    # What was made beside, because a row wants one of its own, is over as well.
    Order.objects.update(**SHAPES["orders.Order"])
    Payment.objects.update(**SHAPES["wallet.Payment"])
    return customer


def _list_told(part, model):
    """The fields of a part that tell something: all with words where rows are deleted, else those that are wiped."""
    if part.deleted:
        return [field.name for field in model._meta.concrete_fields if _takes_words(field)]
    return [name for name in part.wiped if _takes_words(model._meta.get_field(name))]


def _takes_words(field):
    inner = getattr(field, "base_field", field)
    return isinstance(inner, models.CharField | models.TextField | models.JSONField) and not inner.choices


def _fill(model, name):
    field = model._meta.get_field(name)
    if isinstance(field, ArrayField):
        return [NAME]
    return {"told": f"{NAME} {MOBILE} {EMAIL}"} if isinstance(field, models.JSONField) else NAME


def _make(part, model, known, values):
    mine = {owner: known[Customer] for owner in part.owners if "__" not in owner}
    if part.model == "accounts.LoginTry":
        values = {"subject": f"account:{known[Customer].pk}"}
    if part.model == "accounts.LoginCode":
        values = {"subject": f"mobile:{MOBILE}", "mobile": MOBILE, "address": "10.0.0.1"}
    if part.model == "sms.Message":
        values["to"] = MOBILE
    if part.model == "campaigns.Campaign":
        own = {"owner": known[Customer], "currency": "like", "kind": "budget", "balance": 0}
        mine |= {"account": Account.objects.create(**own), "source": open_wallet(known[Customer].pk, "like")}
    if part.model == "rewards.Referral":
        mine = {"customer": known[Customer], "referrer": make_customer()}
    fill_row(model, "x", known, **(values | mine))


def find_needles():
    """`[table.column]` where one of the NEEDLES stands, in any table, and in what is encrypted."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            looks = " OR ".join([f'"{column}"::text ILIKE %s'] * len(NEEDLES))
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" WHERE {looks})',  # noqa: S608 - names of ours
                [f"%{needle}%" for needle in NEEDLES],
            )
            found += [f"{table}.{column}"] if cursor.fetchone()[0] else []
    for field in list_encrypted_fields():
        texts = field.model._base_manager.values_list(field.name, flat=True)
        found += [str(field) for text in texts if any(needle in text for needle in NEEDLES)][:1]
    return sorted(found)
