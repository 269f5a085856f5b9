"""The work list of partial orders whose provider doesn't say what remains, and the form that settles one."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from panel.admin_site.actions import Action, ActionRefused, AlreadyDone
from panel.admin_site.columns import show_number
from panel.admin_site.work_list import WorkLine, add_work
from panel.lib.dates import format_number
from panel.lib.language import page_language
from providers.admin.settling import MAY_SETTLE, show_evidence
from providers.remains import NotWaiting, list_waiting, settle_partial

REMAINS_QUERY = "?remains=missing"


class RemainsFilter(admin.SimpleListFilter):
    """Dispatches whose order waits for a person who knows what remains."""

    title = _("remains")
    parameter_name = "remains"

    def lookups(self, request, model_admin):
        return [("missing", _("to be typed in"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=list_waiting().values("pk")) if self.value() == "missing" else queryset


class RemainsForm(forms.Form):
    """How much of the order the provider left undone."""

    remains = forms.IntegerField(
        label=_("remains"),
        min_value=0,
        widget=forms.NumberInput(attrs={"class": "vIntegerField", "dir": "ltr", "autocomplete": "off"}),
    )


@admin.display(description=_("waits since"), ordering="remains_missing_at")
def waits(row):
    """How long the customer has waited for the refund."""
    return timesince(row.remains_missing_at, timezone.now(), depth=1) if row.remains_missing_at else ""


@admin.display(description=_("quantity"))
def quantity_of_order(row):
    """How much was ordered."""
    return show_number(row.order.quantity)


@admin.display(description=_("decide"))
def remains_link(row):
    """The way to the form."""
    url = reverse("admin:providers_dispatch_remains", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, _("Type in the remains…"))


def waits_for_remains(row):
    """Whether a person still has to say what remains."""
    return row.remains_missing_at is not None and not row.order.is_final


def show_remains_evidence(row):
    """What is known of the dispatch, and how the provider calls it."""
    values = show_evidence(row)
    told = [
        (_t("upstream order"), format_html('<bdi dir="ltr">{}</bdi>', row.upstream_id)),
        (_t("status in its words"), format_html("<bdi>{}</bdi>", row.raw_status)),
        (_t("start count"), show_number(row.order.start_count)),
    ]
    return values | {"evidence": told + values["evidence"]}


def say_settled_order(row):
    """The sentence for who comes too late."""
    row.order.refresh_from_db()
    return _t("Order #%(order)s was settled meanwhile: it is %(state)s.") % {
        "order": row.order_id,
        "state": row.order.get_status_display(),
    }


def _settle(request, row, data):
    try:
        refund = settle_partial(row.pk, data["remains"], by=request.user.get_username())
    except NotWaiting:
        raise AlreadyDone(say_settled_order(row)) from None
    except ValueError:
        words = _t("This has to be a number from %(least)s to %(most)s.")
        raise ActionRefused(words % {"least": _digits(0), "most": _digits(row.order.quantity)}) from None
    return _t("Order #%(order)s ended in part; %(refund)s toman went back to the customer.") % {
        "order": row.order_id,
        "refund": _digits(refund),
    }


def _digits(number):
    return format_number(number, page_language())


SETTLE_PARTIAL = Action(
    title=_("What remains?"),
    button=_("End it in part and refund"),
    act=_settle,
    permission=MAY_SETTLE,
    form_class=RemainsForm,
    note=_(
        "Look the order up at the provider: how many pieces did it leave undone? They are refunded at once."
    ),
    name="settle_partial",
)
add_work(
    WorkLine(
        label=_("partial orders without remains"),
        count=list_waiting,
        url_name="admin:providers_dispatch_changelist",
        permission="providers.view_dispatch",
        query=REMAINS_QUERY,
    )
)
