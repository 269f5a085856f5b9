"""The admin pages of campaigns: found and looked at here, decided about on pages of their own."""

from functools import partial

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from campaigns.admin.columns import show_address, show_picture
from campaigns.admin.deciding import ACTIONS, MAY_DECIDE, TOOLS
from campaigns.admin.figures import show_figures
from campaigns.admin.review import show_review
from campaigns.admin.statement import show_statement
from campaigns.models import Campaign, Report
from campaigns.refusals import CampaignRefused
from campaigns.reviewing import list_waiting
from campaigns.targets import read_target
from panel.admin_site.actions import answer_actions
from panel.admin_site.columns import ltr_column, moment_column, number_column, show_number
from panel.admin_site.front_page import Block, add_block
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work

SHOWN_REPORTS = 50
SHOWN_WAITING = 5  # on the front page
created = moment_column("created", _("created"))
likes = number_column("likes", _("likes"))
likes_left = number_column("likes_left", _("likes left"))


@admin.display(description=_("reports"))
def reports_link(campaign):
    """How many people reported it; who, is a click away."""
    rows = f"{reverse('admin:campaigns_report_changelist')}?campaign__id__exact={campaign.pk}"
    return format_html('<a href="{}">{}</a>', rows, show_number(campaign.reported))


@admin.display(description=_("likes"))
def likes_link(campaign):
    """How many likes it paid; whose, is a click away."""
    rows = f"{reverse('admin:campaigns_like_changelist')}?campaign__id__exact={campaign.pk}"
    return format_html('<a href="{}">{}</a>', rows, show_number(campaign.likes))


@admin.display(description=_("target"))
def target(campaign):
    """The address of the picture."""
    return show_address(campaign.target_url)


@admin.display(description=_("target"))
def short_target(campaign):
    """The same, by its code: it has room in a row."""
    return show_address(campaign.target_url, campaign.target_code)


@admin.display(description=_("picture"))
def picture(campaign):
    """The picture, as large as a page has room."""
    return show_picture(campaign.cover_id, "cover")


@admin.display(description=_("in the account"))
def account_balance(campaign):
    """What the budget's account holds now."""
    return show_number(campaign.account.balance)


MARKS = (
    reports_link,
    ltr_column("order_key", _("order's key")),
    ltr_column("target_id", _("target's id there")),
)


class ReportInline(ViewOnlyInline):
    """The newest reports; `reports_link` leads to all of them."""

    model = Report
    verbose_name_plural = _("newest reports")
    fields = readonly_fields = ("customer", created)
    show_change_link = False

    def get_queryset(self, request):
        campaign_id = request.resolver_match.kwargs["object_id"]
        newest = Report.objects.filter(campaign=campaign_id).order_by("-id")[:SHOWN_REPORTS]
        return super().get_queryset(request).filter(pk__in=newest.values("pk")).order_by("-id")


@admin.register(Campaign)
class CampaignAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by number, by the picture's address or by the owner's login name."""

    change_list_template = "admin/campaign_list.html"
    list_display = (
        "id",
        "state",
        "campaign_class",
        "owner",
        short_target,
        number_column("budget", _("budget")),
        likes_link,
        likes_left,
        reports_link,
        created,
    )
    list_filter = ("state", "campaign_class__line", "campaign_class__payment_type", "stopped")
    ordering = ("-id",)
    sortable_by = ("id",)
    customer_lookup = "owner_id"
    search_help_text = _("Number or address of a campaign, or a customer's mobile, email or username")
    fieldsets = (
        (
            None,
            {"fields": (picture, target, "owner", "campaign_class", "state", "reason", "stopped", *MARKS)},
        ),
        (_("Texts"), {"fields": ("description", "phone", "website", "address")}),
        (
            _("Budget"),
            {"fields": (number_column("budget", _("budget")), account_balance, likes_link, likes_left)},
        ),
        (
            _("Moments"),
            {
                "fields": (
                    created,
                    moment_column("reviewed_at", _("reviewed")),
                    moment_column("closed_at", _("closed")),
                    moment_column("look_at", _("look for the picture at")),
                    "rest_due",
                )
            },
        ),
    )
    readonly_fields = tuple(name for _title, group in fieldsets for name in group["fields"])
    inlines = (ReportInline,)
    tools = (*TOOLS, Tool(_("Statement"), "admin:campaigns_campaign_statement", "wallet.view_transfer"))

    def get_queryset(self, request):
        counted = Report.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
        reported = Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0)
        rows = super().get_queryset(request).select_related("owner", "campaign_class", "account")
        return rows.annotate(reported=reported)

    def get_search_results(self, request, queryset, search_term):
        try:
            code = read_target(search_term).code
        except CampaignRefused:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(target_code=code), False

    def get_urls(self):
        decisions = [
            (
                f"<int:object_id>/{name}/",
                partial(self.decide_page, name=name),
                f"campaigns_campaign_decide_{name}",
            )
            for name in ACTIONS
        ]
        pages = [
            ("review/", self.review_page, "campaigns_campaign_review"),
            ("figures/", partial(show_figures, self), "campaigns_campaign_figures"),
            ("<int:object_id>/statement/", partial(show_statement, self), "campaigns_campaign_statement"),
        ]
        return add_pages(self, *decisions, *pages) + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        may_decide = request.user.has_perm(MAY_DECIDE)
        context = {"may_decide": may_decide, "waiting": list_waiting().count() if may_decide else 0}
        return super().changelist_view(request, context | (extra_context or {}))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def review_page(self, request):
        """See campaigns/admin/review.py."""
        return show_review(self, request)

    def decide_page(self, request, object_id, name):
        """Asks whether to do the one of ACTIONS, and does it."""
        return answer_actions(self, request, object_id, [ACTIONS[name]])


add_work(
    WorkLine(
        label=_("campaigns to review"),
        count=list_waiting,
        url_name="admin:campaigns_campaign_review",
        permission=MAY_DECIDE,
    )
)


def read_review_block(_user, _answers):
    """The newest campaigns that wait for review, and the way to the queue; None while nobody waits."""
    rows = list(list_waiting().select_related("owner").order_by("-id")[:SHOWN_WAITING])
    return {"rows": rows} if rows else None


add_block(
    Block(
        title=_("Campaigns to review"),
        template="admin/front/review.html",
        read=read_review_block,
        permission=MAY_DECIDE,
        place=25,
    )
)
