"""The statement of a campaign's account: what its budget was given, and what it paid."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from panel.lib.dates import read_digits
from panel.wallet.models import Account, Transfer

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer from the account's side: `amount` is below 0 for what went out."""

    id: int
    created: datetime
    kind: str
    other: str
    amount: int
    key: str


def list_lines(account_id, before=None):
    """The account's Lines with ids below `before`, the newest first: at most PAGE_SIZE, from the two indexes."""
    rows = []
    for side, other, sign in (("debit", "credit", -1), ("credit", "debit", 1)):
        found = Transfer.objects.filter(**{side: account_id}, **({"id__lt": before} if before else {}))
        found = found.select_related(f"{other}__owner").order_by("-id")
        rows += [_make_line(row, getattr(row, other), sign) for row in found[:PAGE_SIZE]]
    return sorted(rows, key=lambda line: -line.id)[:PAGE_SIZE]


def _make_line(transfer, other, sign):
    kind = transfer.get_kind_display()
    name = other.owner if other.owner_id and other.kind == Account.Kind.WALLET else other.get_kind_display()
    return Line(transfer.pk, transfer.created, kind, str(name), sign * transfer.amount, transfer.key)


def show_statement(model_admin, request, object_id):
    """A page of Lines; `before` in the query leads to older ones."""
    if not model_admin.has_view_permission(request) or not request.user.has_perm("wallet.view_transfer"):
        raise PermissionDenied
    campaign = get_object_or_404(model_admin.get_queryset(request), pk=object_id)
    lines = list_lines(campaign.account_id, read_digits(request.GET.get("before", "")))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Statement of the campaign's account"),
        "opts": model_admin.opts,
        "original": campaign,
        "account": campaign.account,
        "lines": lines,
        "older": lines[-1].id if len(lines) == PAGE_SIZE else None,
        "back": reverse("admin:campaigns_campaign_change", args=[campaign.pk]),
    }
    return TemplateResponse(request, "admin/campaign_statement.html", context)
