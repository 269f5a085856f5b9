"""The admin pages of upstreams' lists: what they offer, and how reading them goes."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panel.admin_site.actions import Action, AlreadyDone, answer_actions
from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, add_pages
from panel.admin_site.work_list import WorkLine, add_work
from providers.admin.providers import provider_link
from providers.admin.sync_import import MAY_IMPORT
from providers.job_kinds import say_imported
from providers.models import Provider, ProviderSync, UpstreamListing
from providers.sync.importing import import_listings, name_obstacle
from providers.sync.running import take_shorter_list

MAY_TAKE = "providers.change_providersync"
synced_at = moment_column("synced_at", _("list read"))
OBSTACLES = {
    "type": _("its type isn't sold here"),
    "price": _("its price can't be read"),
    "bounds": _("its bounds can't be read"),
}


@admin.display(description=_("obstacle"))
def obstacle(listing):
    """Why it can't be imported."""
    if listing.state == UpstreamListing.State.IMPORTED:
        return EMPTY
    return OBSTACLES.get(name_obstacle(listing.provider, listing), EMPTY)


@admin.register(UpstreamListing)
class UpstreamListingAdmin(ViewOnlyAdmin):
    """All that upstreams offer; filtered by the state "new" it is the list for review."""

    list_display = (
        "upstream_service",
        "name",
        "category",
        "type",
        number_column("rate", _("cost")),
        number_column("min", _("minimum")),
        number_column("max", _("maximum")),
        "state",
        obstacle,
        provider_link,
        moment_column("gone_at", _("gone since")),
    )
    list_filter = ("state", "provider", ("gone_at", admin.EmptyFieldListFilter))
    search_fields = ("=upstream_service", "name", "category")
    ordering = ("-id",)
    actions = ("import_now", "mark_reviewed")
    fields = readonly_fields = (
        provider_link,
        ltr_column("upstream_service", _("upstream service")),
        *list_display[1:9],
        "description",
        moment_column("first_seen", _("first seen")),
        list_display[-1],
    )

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("provider")
        return rows.defer("provider__key", "provider__password", "digest")

    def has_import_permission(self, request):
        return request.user.has_perm(MAY_IMPORT)

    @admin.action(description=_("Import by the rule of their category"), permissions=["import"])
    def import_now(self, request, queryset):
        """Sell them; those without a rule or that can't be sold stay."""
        ids = list(queryset.values_list("pk", flat=True))
        chosen = UpstreamListing.objects.filter(pk__in=ids)
        providers = Provider.objects.filter(pk__in=chosen.values("provider"))
        made = sum(import_listings(provider, chosen) for provider in providers)
        messages.success(request, say_imported(made))
        if left := len(ids) - made:
            words = ngettext(
                "%(count)s was not: it is sold already, its category has no rule, or it can't be sold.",
                "%(count)s were not: they are sold already, their category has no rule, or they can't be sold.",
                left,
            )
            messages.warning(request, words % {"count": left})

    @admin.action(description=_("Mark as reviewed"), permissions=["import"])
    def mark_reviewed(self, request, queryset):
        """Take new ones off the list for review without selling them."""
        states = UpstreamListing.State
        count = queryset.filter(state=states.NEW).update(state=states.LISTED)
        words = ngettext("%(count)s service was reviewed.", "%(count)s services were reviewed.", count)
        messages.success(request, words % {"count": count})


@admin.display(description=_("decide"))
def take_link(sync):
    """The way to the button, where a list waits for it."""
    if sync.shrunk_to is None:
        return EMPTY
    url = reverse("admin:providers_providersync_take", args=[sync.pk])
    return format_html('<a href="{}">{}</a>', url, _("Decide…"))


@admin.register(ProviderSync)
class ProviderSyncAdmin(ViewOnlyAdmin):
    """When each list was read, and lists that nobody believes until an operator does."""

    fields = readonly_fields = (
        provider_link,
        synced_at,
        number_column("listed", _("services in the list")),
        number_column("shrunk_to", _("shorter list of")),
        "error",
        moment_column("next_sync_at", _("next sync")),
    )
    list_display_links = (synced_at,)  # the first column is a link to the provider
    list_filter = (("shrunk_to", admin.EmptyFieldListFilter),)
    ordering = ("provider__name",)
    tools = (
        Tool(_("Import services"), "admin:providers_import", MAY_IMPORT),
        Tool(
            _("Take the shorter list"),
            "admin:providers_providersync_take",
            MAY_TAKE,
            lambda row: row.shrunk_to is not None,
        ),
    )

    def get_list_display(self, request):
        decide = (take_link,) if request.user.has_perm(MAY_TAKE) else ()
        return (self.fields[0], *decide, *self.fields[1:])

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("provider")
        return rows.defer("provider__key", "provider__password")

    def get_urls(self):
        pages = add_pages(self, ("<int:object_id>/take/", self.take_view, "providers_providersync_take"))
        return pages + super().get_urls()

    def take_view(self, request, object_id):
        """Believes a list that lost more than half."""
        return answer_actions(self, request, object_id, [TAKE])


def _take(request, sync, data):
    if not take_shorter_list(sync.pk):
        raise AlreadyDone(_t("The list is whole again, or was taken already."))
    return _t("The list is read again and taken as it is.")


TAKE = Action(
    title=_("Take the shorter list"),
    button=_("The list is right: take it"),
    act=_take,
    permission=MAY_TAKE,
    note=_("Services that are missing in it pause. Look at the provider's own page first."),
    danger=True,
)
add_work(
    WorkLine(
        label=_("new upstream services"),
        count=lambda: UpstreamListing.objects.filter(state=UpstreamListing.State.NEW, gone_at=None),
        url_name="admin:providers_upstreamlisting_changelist",
        permission="providers.view_upstreamlisting",
        query="?state__exact=new&gone_at__isempty=1",
    )
)
add_work(
    WorkLine(
        label=_("lists that were not taken"),
        count=lambda: ProviderSync.objects.filter(shrunk_to__isnull=False),
        url_name="admin:providers_providersync_changelist",
        permission="providers.view_providersync",
        query="?shrunk_to__isempty=0",
    )
)
