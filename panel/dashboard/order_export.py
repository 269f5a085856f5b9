"""The customer's orders as a file: a job reads them a window at a time, so memory stays the same however many."""

from itertools import chain
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import DripFeed, Order, Subscription
from orders.searching import DRIP_FEED, PLANS, SUBSCRIPTION, find_bounds, search_orders
from panel.dashboard.order_filters import read_choice
from panel.dashboard.order_plans import find_plan
from panel.jobs.kinds import JobKind
from panel.jobs.starting import start_job
from panel.lib.dates import TEHRAN, format_moment, format_number
from panel.lib.tables import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

KIND = "order_export"
WRITERS = {"csv": (write_csv, CSV_TYPE), "xlsx": (write_xlsx, XLSX_TYPE)}
MOST = 1_000_000  # orders in a file, the newest
WINDOW = 2_000  # of the customer's orders looked at in one go
PLAN_MODELS = {DRIP_FEED: [DripFeed], SUBSCRIPTION: [Subscription], PLANS: [DripFeed, Subscription]}
_NEEDED = (
    *("customer", "service__name", "channel", "link", "quantity", "charge", "refunded", "status"),
    *("start_count", "remains", "created", "settled_at", "dripfeed__order_id", "subscription__order_id"),
)
_HEADER = (
    _("Number"),
    _("Date"),
    _("Date (ISO 8601)"),
    _("Service number"),
    _("Service"),
    _("Link"),
    _("In parts"),
    _("Status"),
    _("Quantity"),
    _("Start count"),
    _("Remains"),
    _("Charge (toman)"),
    _("Refunded (toman)"),
    _("Ended (ISO 8601)"),
    _("Ordered through"),
)


def start_export(customer_id, texts, form, form_key):
    """The Job that writes the orders for which `texts` ask (see order_filters.Choice) as `form`, a key of WRITERS.

    The same form sent twice is one job. Raises TooManyJobs.
    """
    params = {"texts": texts, "form": form, "language": get_language()}
    return start_job(customer_id, KIND, params, f"orders:{form}:{form_key}")


def export_orders(run):
    """The job's work: in the language of the page on which it was asked for."""
    write, media_type = WRITERS[run.params["form"]]
    with translation.override(run.params["language"]):
        walk = _Walk(run)
        rows = iter(walk)
        first = next(rows, None)
        if first is not None:
            write([str(word) for word in _HEADER], chain([first], rows), run.write)
    name = f"orders.{run.params['form']}" if walk.count else ""
    run.finish({"orders": walk.count, "cut": walk.is_cut}, name, media_type if walk.count else "")


class _Walk:
    """Iterates over the rows of the file, newest order first; `count` of them, and `is_cut` when there are more."""

    def __init__(self, run):
        self.count, self.is_cut = 0, False
        self._run, self._customer_id = run, run.job.owner_id
        self._wanted = read_choice(self._customer_id, run.params["texts"]).wanted

    def __iter__(self):
        looked, total, before = 0, self._count_all(), None
        while True:
            found = search_orders(self._customer_id, self._wanted, before, WINDOW, WINDOW)
            for order in self._read(found.ids):
                if self.count == MOST:
                    self.is_cut = True
                    return
                self.count += 1
                yield _write_row(order)
            looked, before = looked + WINDOW, found.older
            self._run.tell(min(looked, total), total)
            if before is None:
                return

    def _read(self, ids):
        rows = Order.objects.select_related("service", "dripfeed", "subscription").only(*_NEEDED)
        return rows.filter(pk__in=ids).order_by("-pk")

    def _count_all(self):
        """How many rows there are to look at. A worker may count; pages don't."""
        low, high = find_bounds(self._customer_id, self._wanted)
        models = PLAN_MODELS.get(self._wanted.kind, [Order])
        own = {"customer_id": self._customer_id, "pk__gte": low, "pk__lt": high}
        return sum(model.objects.filter(**own).count() for model in models)


def _write_row(order):
    plan = find_plan(order)
    return [
        order.pk,
        format_moment(order.created, get_language()),
        _write_moment(order.created),
        order.service_id,
        order.service.name,
        order.link,
        "" if plan is None else str(capfirst(plan._meta.verbose_name)),
        str(capfirst(order.get_status_display())),
        order.quantity,
        order.start_count,
        order.remains,
        order.charge,
        order.refunded,
        "" if order.settled_at is None else _write_moment(order.settled_at),
        str(capfirst(order.get_channel_display())),
    ]


def _write_moment(moment):
    return moment.astimezone(TEHRAN).isoformat(timespec="seconds")


def _describe(job):
    count, language = job.result["orders"], get_language()
    if not count:
        return _t("No order matches, so there is no file. Go back and ask for more.")
    words = ngettext("%(count)s order is in the file.", "%(count)s orders are in the file.", count)
    told = words % {"count": format_number(count, language)}
    if job.result["cut"]:
        told += " " + _t("Older ones are left out: ask for them by date.")
    return told


def _go_back(job):
    return f"{reverse('dashboard:orders')}?{urlencode(job.params['texts'])}"


EXPORT = JobKind(KIND, _("Export of orders"), export_orders, _describe, _go_back)
