"""The like exchange as a provider of this panel: an order becomes a campaign, and its likes advance the order.

The customer's toman went to sales when the order was placed; the campaign is funded by the house, in the currency of
its class. It has the dispatch's idempotency key, so one dispatch never makes two campaigns, and an unclear one may be
asked again. Forwarding calls adapters from pool threads that hold no connection (docs/adr/0013): each call opens one
for itself, a few at a time, and closes it.
"""

import threading
from contextlib import contextmanager
from decimal import Decimal

from django.db import Error, IntegrityError, connection, transaction

from campaigns.classes import find_line, list_classes
from campaigns.creating import fund_campaign
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.states import approve_campaign, end_campaign
from campaigns.targets import read_target
from orders.service_types import ServiceType
from panel.wallet.house import house_balance, house_id
from panel.wallet.ledger import LedgerError
from panel.wallet.models import Account, Currency
from providers.adapters.base import (
    Adapter,
    Balance,
    CancelResult,
    Placed,
    Rejected,
    Status,
    Unclear,
    UpstreamService,
    UpstreamStatus,
)
from providers.adapters.payloads import FieldWithoutPlace, MissingField, check_fields
from providers.models import Dispatch

FIELDS = ("link", "quantity")  # what a campaign can say of an order
AT_ONCE = 2  # connections that all pool threads of a process use together
_turns = threading.BoundedSemaphore(AT_ONCE)
State = Campaign.State


class LikeExchangeAdapter(Adapter):
    """See Adapter. Upstream services are the lines of campaign classes; nothing leaves the process."""

    dialect = "like_exchange"
    own_address = "panel:"
    status_batch = 100
    can_cancel = True
    can_refill = False
    tracks_refills = False
    lists_prices = False
    tells_remains = True

    def place(self, order):
        """A campaign that is shown at once. Raises Rejected for a link or service that makes none, and Unclear."""
        with _own_connection():
            known = Campaign.objects.filter(order_key=order.idempotency_key).first()
            campaign = known or _make_once(order)
        return Placed(str(campaign.pk), None, f"campaign {campaign.pk}")

    def statuses(self, ids):
        """See Adapter."""
        self.check_batch(ids)
        with _own_connection():
            rows = Campaign.objects.exclude(order_key=None).select_related("campaign_class")
            found = {str(row.pk): row for row in rows.filter(pk__in=_read_ids(ids))}
        return {key: _tell_status(key, found[key]) for key in ids if key in found}

    def cancel(self, ids):
        """Ends campaigns that are still open."""
        self.check_batch(ids)
        with _own_connection():
            known = Campaign.objects.exclude(order_key=None).filter(pk__in=_read_ids(ids))
            return {str(pk): _end(pk) for pk in known.values_list("pk", flat=True)}

    def services(self):
        """The classes on offer."""
        with _own_connection():
            return [_tell_service(row) for row in list_classes()]

    def balance(self):
        """What the house has earned in likes: it funds campaigns of orders without a limit."""
        with _own_connection():
            return Balance(Decimal(house_balance(Account.Kind.SALES, Currency.LIKE)), Currency.LIKE.value)


@contextmanager
def _own_connection():
    """Let this thread use the database, and leave no connection behind in a thread that has none otherwise."""
    had_one = connection.connection is not None
    with _turns:
        try:
            yield
        except Error as error:
            raise Unclear(f"our database: {type(error).__name__}") from error
        finally:
            if not had_one:
                connection.close()


def _make_once(order):
    """The order's new campaign, or the one that somebody else with its key made at the same moment."""
    _check_order(order)
    owner_id = _find_owner(order.idempotency_key)
    try:
        return _make_campaign(order, owner_id)
    except CampaignRefused as refused:
        raise Rejected(f"no campaign: {refused.code.value}") from refused
    except LedgerError as error:
        raise Unclear("the campaign was not made clearly") from error
    except IntegrityError as error:
        known = Campaign.objects.filter(order_key=order.idempotency_key).first()
        if known is None:
            raise Unclear("the campaign was not made clearly") from error
        return known


def _check_order(order):
    """Raises Rejected for what is more, or less, than likes for a link."""
    try:
        check_fields(order, FIELDS)
    except (MissingField, FieldWithoutPlace) as error:
        raise Rejected(str(error)) from error
    if order.type != ServiceType.DEFAULT or order.quantity < 1:
        raise Rejected("only a quantity of likes for a link can become a campaign")


@transaction.atomic
def _make_campaign(order, owner_id):
    """Made and shown together: whoever dies in between leaves nothing, and the same key makes it then."""
    campaign_class = find_line(order.service)
    campaign = fund_campaign(
        owner_id,
        campaign_class,
        read_target(order.link),
        order.quantity * campaign_class.campaign_value,
        house_id(Account.Kind.PROMOTIONS, campaign_class.payment_type),
        order_key=order.idempotency_key,
    )
    approve_campaign(campaign.pk)
    return campaign


def _find_owner(idempotency_key):
    """The customer of the order behind a dispatch's key. Raises Rejected."""
    owners = Dispatch.objects.filter(idempotency_key=idempotency_key).values_list(
        "order__customer_id", flat=True
    )
    owner_id = owners.first()
    if owner_id is None:
        raise Rejected("no order of this panel stands behind it")
    return owner_id


def _read_ids(ids):
    return [int(text) for text in ids if text.isascii() and text.isdigit() and len(text) < 19]


def _tell_status(key, campaign):
    remains = campaign.budget // campaign.campaign_class.campaign_value - campaign.likes
    status = _find_status(campaign, remains)
    return UpstreamStatus(key, status, campaign.state, 0, remains, None, None, None)


def _find_status(campaign, remains):
    if campaign.state not in Campaign.CLOSED:
        return Status.IN_PROGRESS
    if remains <= 0:
        return Status.COMPLETED
    return Status.PARTIAL if campaign.likes else Status.CANCELED


def _end(campaign_id):
    try:
        end_campaign(campaign_id, "the order was canceled")
    except CampaignRefused as refused:
        return CancelResult(str(campaign_id), False, refused.code.value)
    return CancelResult(str(campaign_id), True, None)


def _tell_service(row):
    return UpstreamService(
        id=row.line,
        name=f"{row.get_campaign_type_display()} ({row.line})",
        type="default",
        category="",
        rate=None,
        min=1,
        max=None,
        refill=False,
        cancel=True,
        dripfeed=False,
        description="",
    )
