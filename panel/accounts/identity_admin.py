"""The admin of accounts elsewhere: seen with their customer, and unlinked by who may."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from panel.accounts.identities import unlink_identity
from panel.accounts.models import SocialIdentity
from panel.admin_site.actions import Action, AlreadyDone, answer_actions
from panel.admin_site.columns import ltr_column, moment_column
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, ViewOnlyInline, add_pages
from panel.admin_site.search import IndexedSearchMixin

MAY_UNLINK = "accounts.delete_socialidentity"
COLUMNS = (
    "provider",
    ltr_column("uid", _("id there")),
    ltr_column("username", _("name there")),
    moment_column("created", _("created")),
)


class IdentityInline(ViewOnlyInline):
    """A customer's accounts elsewhere; each is unlinked on its own page."""

    model = SocialIdentity
    fields = readonly_fields = COLUMNS


@admin.register(SocialIdentity)
class SocialIdentityAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Search by id or name there, or by the customer's login name."""

    list_display = ("id", "customer", *COLUMNS)
    list_select_related = ("customer",)
    list_filter = ("provider",)
    ordering = ("-id",)
    number_lookups = ("uid",)
    fields = readonly_fields = ("customer", *COLUMNS)
    search_help_text = _("Id or name there, or a customer's mobile, email or username")
    tools = (Tool(_("Unlink…"), "admin:accounts_socialidentity_unlink", MAY_UNLINK),)

    def get_urls(self):
        page = ("<int:object_id>/unlink/", self.unlink_page, "accounts_socialidentity_unlink")
        return add_pages(self, page) + super().get_urls()

    def get_search_results(self, request, queryset, search_term):
        named = queryset.filter(username=search_term.strip().removeprefix("@"))
        return (
            (named, False) if named.exists() else super().get_search_results(request, queryset, search_term)
        )

    def unlink_page(self, request, object_id):
        """Asks once, then goes on to the customer: the row is gone."""
        row = SocialIdentity.objects.filter(pk=object_id).first()
        back = row and reverse("admin:accounts_customer_change", args=[row.customer_id])
        return answer_actions(self, request, object_id, [UNLINK], back=back)


def _unlink(request, identity, data):
    if not unlink_identity(identity.pk):
        raise AlreadyDone(gettext("It was unlinked before."))
    return gettext("%(account)s is unlinked.") % {"account": identity}


UNLINK = Action(
    title=_("Unlink this account"),
    button=_("Unlink"),
    act=_unlink,
    permission=MAY_UNLINK,
    note=_(
        "It opens the customer's account no more. Who has neither mobile nor password can't log in then;"
        " coming back with it makes a new customer."
    ),
    danger=True,
)
