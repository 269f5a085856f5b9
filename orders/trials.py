"""Trial orders: the sandbox of a contract (contracts: happy-follower-v1), where orders cost nothing and go nowhere.

They are validated as real ones are, but for what needs money or another host: balance, video length, other orders
on the link. Nothing moves them: their status follows from their age, in steps of settings.TRIAL_STEP_SECONDS
(pending, in progress, then the end). They end completed, or as the first of these words in their link says:
`partial` (half is delivered), `cancel`, `error`.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders.items import forget_shape, read_item
from orders.models import Order, Service, TrialOrder
from orders.pricing import charge_of
from orders.refusals import OrderRefused, Refusal
from panel.accounts.models import Customer
from panel.lib.money import compute_partial_refund

Status = Order.Status
START_COUNT = 1_000  # what every link is said to have had before
PURGE_SIZE = 5_000
ENDS = {"partial": Status.PARTIAL, "cancel": Status.CANCELED, "error": Status.ERROR}


class TooManyTrials(Exception):
    """The customer has settings.TRIAL_MAX_OPEN open trial orders; `retry_after_seconds` until one has ended."""

    def __init__(self, retry_after_seconds):
        super().__init__(f"try again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class TrialView:
    """A trial order as its owner sees it now; `charge` is what was taken less what came back, in play toman."""

    id: int
    status: str
    charge: int
    quantity: int
    start_count: int | None
    remains: int
    link: str


def place_trial(customer_id, request):
    """Store a trial order as an OrderRequest asks for it and return its id. Its idempotency key is not looked at.

    Raises OrderRefused as placing does, and TooManyTrials.
    """
    item, service = _read_on_sale(request)
    if not item.piece:
        _check_bounds(service, item.count)
    with transaction.atomic():
        # One at a time counts, so that parallel ones can't pass the limit together.
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        _check_room(customer_id)
        trial = TrialOrder.objects.create(
            customer_id=customer_id,
            service=service,
            link=item.link,
            quantity=service.pack_size if item.piece else item.count,
            cost=charge_of(service, item.count, customer.percent_off),
        )
    return trial.pk


def find_trial(customer_id, trial_id):
    """The customer's own trial order as a TrialView. Raises OrderRefused(ORDER_UNKNOWN)."""
    trial = TrialOrder.objects.filter(customer_id=customer_id, pk=trial_id).first()
    if trial is None:
        raise OrderRefused(Refusal.ORDER_UNKNOWN)
    return _view(trial, timezone.now())


def purge_trials():
    """Delete trial orders older than settings.TRIAL_KEEP_DAYS, some thousands at a time; returns how many."""
    oldest = timezone.now() - timedelta(days=settings.TRIAL_KEEP_DAYS)
    deleted = 0
    while True:
        ids = list(TrialOrder.objects.filter(created__lt=oldest).values_list("pk", flat=True)[:PURGE_SIZE])
        if not ids:
            return deleted
        deleted += TrialOrder.objects.filter(pk__in=ids).delete()[0]


def _read_on_sale(request):
    """(Item, Service), both of one version of the service's row."""
    while True:
        item = read_item(request)
        service = Service.objects.filter(pk=item.service_id, active=True, category__active=True).first()
        if service is None:
            raise OrderRefused(Refusal.SERVICE_UNKNOWN)
        if service.version == item.version:
            return item, service
        forget_shape(item.service_id)


def _check_bounds(service, count):
    if count < service.min:
        raise OrderRefused(Refusal.QUANTITY_LOW, field="quantity", limit=service.min)
    if count > service.max:
        raise OrderRefused(Refusal.QUANTITY_HIGH, field="quantity", limit=service.max)


def _check_room(customer_id):
    """Raise TooManyTrials when as many as may be are still open: younger than two steps."""
    now = timezone.now()
    lasts = timedelta(seconds=2 * settings.TRIAL_STEP_SECONDS)
    newest = TrialOrder.objects.filter(customer_id=customer_id).order_by("-id")
    place = settings.TRIAL_MAX_OPEN - 1
    first_open = newest.values_list("created", flat=True)[place : place + 1].first()
    if first_open is not None and first_open > now - lasts:
        raise TooManyTrials(max(int((first_open + lasts - now).total_seconds()) + 1, 1))


def _view(trial, now):
    steps = (now - trial.created).total_seconds() // settings.TRIAL_STEP_SECONDS
    status = Status.PENDING if steps < 1 else Status.IN_PROGRESS if steps < 2 else _find_end(trial.link)
    remains = _remains(status, trial.quantity)
    return TrialView(
        id=trial.pk,
        status=status.value,
        charge=trial.cost - _refund(status, trial.cost, remains, trial.quantity),
        quantity=trial.quantity,
        start_count=None if status == Status.PENDING else START_COUNT,
        remains=remains,
        link=trial.link,
    )


def _find_end(link):
    text = link.casefold()
    found = {text.find(word): end for word, end in ENDS.items() if word in text}
    return found[min(found)] if found else Status.COMPLETED


def _remains(status, quantity):
    if status == Status.COMPLETED:
        return 0
    half_way = status in (Status.IN_PROGRESS, Status.PARTIAL)
    return quantity - quantity // 2 if half_way else quantity


def _refund(status, cost, remains, quantity):
    if status in (Status.CANCELED, Status.ERROR):
        return cost
    return compute_partial_refund(cost, remains, quantity) if status == Status.PARTIAL else 0
