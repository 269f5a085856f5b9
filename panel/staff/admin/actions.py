"""The admin page of what staff did: it is only looked at."""

from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from panel.accounts.admin import CustomerAdmin
from panel.accounts.models import Customer
from panel.admin_site.columns import EMPTY, ltr_column, moment_column
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    list_of,
)
from panel.admin_site.model_admin import Tool, ViewOnlyAdmin, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.staff.acting import PERMISSION, is_powerful
from panel.staff.admin.acting import show_start
from panel.staff.models import StaffAction

created = moment_column("created", _("when"))


@admin.display(description=_("object"))
def object_link(action):
    """What it was done to, with the way there where it has a page."""
    if not action.object_type:
        return EMPTY
    words = f"{name_type(action.object_type)}: {action.object_text}"
    try:
        url = reverse(f"admin:{action.object_type.replace('.', '_')}_change", args=[action.object_id])
    except NoReverseMatch:
        return words
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, words)


@admin.display(description=_("changes"))
def changes(action):
    """Each field that changed, before and after."""
    rows = [(field, show_value(old), show_value(new)) for field, (old, new) in action.changes.items()]
    if not rows:
        return EMPTY
    lines = format_html_join("", "<li><bdi>{}</bdi>: <bdi>{}</bdi> → <bdi>{}</bdi></li>", rows)
    return format_html('<ul class="changes">{}</ul>', lines)


def name_type(label):
    """The name of a model for people; its label where it is no longer known."""
    try:
        return capfirst(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


def show_value(value):
    """One side of a change; nothing is a dash."""
    return EMPTY if value in (None, "", []) else value


class StaffFilter(admin.SimpleListFilter):
    """By who did it."""

    title = _("member of staff")
    parameter_name = "staff"

    def lookups(self, request, model_admin):
        people = Customer.objects.filter(is_staff=True).order_by("username")
        return [(str(person.pk), person.get_username()) for person in people]

    def queryset(self, request, queryset):
        return queryset.filter(staff_id=self.value()) if (self.value() or "").isdecimal() else queryset


class ObjectFilter(admin.SimpleListFilter):
    """By what kind of object it was done to."""

    title = _("kind of object")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        labels = [model._meta.label_lower for model in model_admin.admin_site._registry]
        return sorted(((label, name_type(label)) for label in labels), key=lambda pair: str(pair[1]))

    def queryset(self, request, queryset):
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class ActingFilter(admin.SimpleListFilter):
    """What was done on a customer's pages."""

    title = _("acting as a customer")
    parameter_name = "acting"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.filter(acting_as__isnull=False) if self.value() == "yes" else queryset


@admin.register(StaffAction)
class StaffActionAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Newest first. Search by number, or by the customer whom it was about."""

    list_display = ("id", created, "staff_name", "action", object_link, "words", "acting_as", "reason")
    list_filter = ("action", StaffFilter, ActingFilter, "created", ObjectFilter)
    list_select_related = ("acting_as",)
    ordering = ("-id",)
    sortable_by = ("id",)
    search_help_text = _("Number, or the mobile, email or username of the customer whom it was about")
    fields = readonly_fields = (
        created,
        "staff_name",
        "action",
        "customer",
        "acting_as",
        object_link,
        changes,
        "words",
        "reason",
        ltr_column("address", _("address")),
        ltr_column("path", _("path")),
    )

    class Media:
        css = {"all": ("admin_panel/staff.css",)}

    def get_urls(self):
        return add_pages(self, ("act/<int:object_id>/", self.act_page, "staff_act")) + super().get_urls()

    def act_page(self, request, object_id):
        """Begin to act as the customer `object_id`."""
        return show_start(self.admin_site.get_model_admin(Customer), request, object_id)


def _read_block(customer):
    newest = StaffAction.objects.filter(customer=customer).order_by("-id")[:SHOWN_ROWS]
    rows = tuple((created(row), row.staff_name, row.get_action_display(), row.words) for row in newest)
    heads = (_("when"), _("member of staff"), _("action"), _("words"))
    return BlockContent(heads=heads, rows=rows, empty=_("Staff did nothing here yet."))


add_customer_block(
    CustomerBlock(
        title=_("What staff did"),
        place=110,
        permission="staff.view_staffaction",
        read=_read_block,
        all_url=list_of("admin:staff_staffaction_changelist"),
    )
)

CustomerAdmin.extend(
    tools=[
        Tool(_("Log in as this customer"), "admin:staff_act", PERMISSION, lambda one: not is_powerful(one))
    ]
)
