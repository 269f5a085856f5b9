"""The ledger: accounts, and transfers that take from one and give to another."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from panel.lib.events import Event, event_indexes
from panel.wallet.audit_models import LedgerAudit  # noqa: F401 - Django looks for models here
from panel.wallet.day_models import MoneyDay  # noqa: F401 - the same
from panel.wallet.payments.models import (  # noqa: F401 - Django looks for an application's models here
    BonusStep,
    Coupon,
    CouponUse,
    Payment,
)

FIRST_OWNED_ID = 1000  # accounts below belong to the house


class Currency(models.TextChoices):
    """Currencies never mix: both sides of a transfer have its currency."""

    TOMAN = "toman", _("toman")
    LIKE = "like", _("like")
    COIN = "coin", _("coin")


class Account(models.Model):
    """Something money can be in.

    A customer's wallet or a budget holds its balance, never below 0. House accounts are too hot for that:
    theirs is NULL here and derived from the transfers (panel/wallet/house.py).
    """

    class Kind(models.TextChoices):
        WALLET = "wallet", _("wallet")
        BUDGET = "budget", _("budget")
        SALES = "sales", _("sales")
        PROVIDER_COST = "provider_cost", _("provider cost")
        PROMOTIONS = "promotions", _("promotions")
        GATEWAY = "gateway", _("gateway clearing")
        ADJUSTMENTS = "adjustments", _("manual adjustments")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("owner"),
    )
    currency = models.CharField(_("currency"), max_length=8, choices=Currency)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    balance = models.BigIntegerField(_("balance"), null=True, default=0)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=models.Q(balance__gte=0), name="account_balance_not_negative"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["wallet", "budget"], owner__isnull=False, balance__isnull=False)
                | (~models.Q(kind__in=["wallet", "budget"]) & models.Q(owner=None, balance=None)),
                name="account_house_or_owned",
            ),
            models.UniqueConstraint(
                fields=["owner", "currency"], condition=models.Q(kind="wallet"), name="account_one_wallet"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.owner_id or ''} ({self.currency})"


class Transfer(models.Model):
    """`amount` moved from `debit` to `credit`, once: rows are only ever added (a trigger sees to it).

    The account columns carry no database constraint: sharing one lock on a hot house account costs a fifth
    of all placing. The audit checks them instead.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", _("order")
        REFUND = "refund", _("refund")
        PAYMENT = "payment", _("payment")
        ADJUSTMENT = "adjustment", _("manual adjustment")
        BONUS = "bonus", _("bonus")
        REVERSAL = "reversal", _("reversal")
        REWARD = "reward", _("reward")
        REFERRAL = "referral", _("referral share")
        SMS = "sms", _("SMS")
        SMS_REFUND = "sms_refund", _("SMS not sent")
        CAMPAIGN = "campaign", _("campaign")
        CAMPAIGN_REST = "campaign_rest", _("rest of a campaign")
        LIKE = "like", _("like")
        LIKE_SHARE = "like_share", _("house's share of a like")
        LIKE_BACK = "like_back", _("like taken back")
        PURCHASE = "purchase", _("purchase in the shop")
        BUNDLE = "bundle", _("bundle of coins")

    debit = models.ForeignKey(
        Account,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="debits",
        verbose_name=_("from account"),
    )
    credit = models.ForeignKey(
        Account,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="credits",
        verbose_name=_("to account"),
    )
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=8, choices=Currency)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    key = models.CharField(_("key"), max_length=128)
    reference = models.CharField(_("reference"), max_length=128, blank=True, db_default="")
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="transfer_key"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="transfer_between_two_accounts"
            ),
        ]
        indexes = [
            # House accounts (ids below FIRST_OWNED_ID) are summed by day; only owned ones are looked up.
            models.Index(
                fields=["debit", "-id"],
                name="transfer_debit",
                condition=models.Q(debit_id__gte=FIRST_OWNED_ID),
            ),
            models.Index(
                fields=["credit", "-id"],
                name="transfer_credit",
                condition=models.Q(credit_id__gte=FIRST_OWNED_ID),
            ),
            BrinIndex(fields=["created"], name="transfer_created", pages_per_range=32),
            # By kind, for statements. Charges and likes are most of all there is: they go by the first two, and
            # cost no third.
            models.Index(
                fields=["debit", "kind", "-id"],
                name="transfer_debit_kind",
                condition=models.Q(debit_id__gte=FIRST_OWNED_ID) & ~models.Q(kind="charge"),
            ),
            models.Index(
                fields=["credit", "kind", "-id"],
                name="transfer_credit_kind",
                condition=models.Q(credit_id__gte=FIRST_OWNED_ID) & ~models.Q(kind="like"),
            ),
        ]

    def __str__(self):
        return self.key


class AccountMark(models.Model):
    """What an owned account had gained and spent when a transfer was done: where statements begin to add up.

    A trigger sets one at every 61st transfer of all, so an account has one for about 61 of its own, and any balance
    of any day is a mark and a few transfers away (panel/wallet/statement.py).
    """

    account = models.ForeignKey(Account, models.CASCADE, db_index=False, related_name="marks")
    transfer_id = models.BigIntegerField()
    gained = models.BigIntegerField()
    spent = models.BigIntegerField()
    created = models.DateTimeField()

    class Meta:
        verbose_name = _("mark of an account")
        verbose_name_plural = _("marks of accounts")
        constraints = [models.UniqueConstraint(fields=["account", "transfer_id"], name="account_mark_once")]
        indexes = [models.Index(fields=["account", "created", "transfer_id"], name="account_mark_created")]

    def __str__(self):
        return f"{self.account_id} {self.transfer_id}"


class HouseDay(models.Model):
    """What went into and out of a house account on one closed day (UTC)."""

    account = models.ForeignKey(Account, models.PROTECT, verbose_name=_("account"))
    day = models.DateField(_("day"))
    debits = models.BigIntegerField(_("went out"))
    credits = models.BigIntegerField(_("came in"))
    closed_at = models.DateTimeField(_("closed"), db_default=Now())

    class Meta:
        verbose_name = _("house day")
        verbose_name_plural = _("house days")
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="house_day_once")]

    def __str__(self):
        return f"{self.account_id} {self.day}"


class WalletEvent(Event):
    """Something that happened to a wallet outside an order: adjusted, paid, coupon, reward, referral.

    `campaign` and `bundle` are of the like exchange. `mismatch` and `payment_unclear` are about payments that
    operators have to look at, `low_stock` about the shop.
    """

    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("customer"))

    class Meta:
        verbose_name = _("wallet event")
        verbose_name_plural = _("wallet events")
        indexes = event_indexes("wallet_event")

    def __str__(self):
        return f"{self.kind} {self.customer_id}"
