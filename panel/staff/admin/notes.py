"""Notes on customers: read at the top of a customer's page, written on pages of their own."""

from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from panel.accounts.admin import CustomerAdmin
from panel.admin_site.columns import EMPTY, moment_column
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    link_row,
    list_of,
)
from panel.admin_site.model_admin import PanelModelAdmin, Tool, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.staff.models import CustomerNote

created = moment_column("created", _("created"))


@admin.register(CustomerNote)
class CustomerNoteAdmin(IndexedSearchMixin, PanelModelAdmin):
    """A note stays with its customer and its author; only its author and superusers change it."""

    list_display = ("id", "customer", "text", "author", "pinned", created)
    list_filter = ("pinned",)
    list_select_related = ("customer", "author")
    ordering = ("-id",)
    raw_id_fields = ("customer",)
    fields = ("customer", "text", "pinned", "author", created)
    search_help_text = _("Number, or a customer's mobile, email or username")

    def get_urls(self):
        page = ("for/<int:object_id>/", self.open_form, "staff_customernote_for")
        return add_pages(self, page) + super().get_urls()

    def open_form(self, request, object_id):
        """The form of a new note with its customer filled in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        query = urlencode({"customer": object_id})
        return HttpResponseRedirect(f"{reverse('admin:staff_customernote_add')}?{query}")

    def get_readonly_fields(self, request, obj=None):
        return ("author", created) if obj is None else ("customer", "author", created)

    def get_changeform_initial_data(self, request):
        return {"customer": request.GET.get("customer", "")}

    def has_change_permission(self, request, obj=None):
        own = obj is None or obj.author_id == request.user.pk or request.user.is_superuser
        return own and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """Back to the customer."""
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" not in request.POST and "_continue" not in request.POST:
            response["Location"] = reverse("admin:accounts_customer_change", args=[obj.customer_id])
        return response


def _read_block(customer):
    newest = CustomerNote.objects.filter(customer=customer).select_related("author")
    rows = tuple(
        (link_row("admin:staff_customernote_change", note), _mark(note), note.author or EMPTY, created(note))
        for note in newest.order_by("-pinned", "-id")[:SHOWN_ROWS]
    )
    return BlockContent(
        heads=(_("number"), _("text"), _("author"), _("created")),
        rows=rows,
        empty=_("Nobody noted anything. “Write a note” above is for what colleagues should know."),
    )


def _mark(note):
    return format_html("<strong>{}</strong>", note.text) if note.pinned else note.text


add_customer_block(
    CustomerBlock(
        title=_("Notes"),
        place=10,
        permission="staff.view_customernote",
        read=_read_block,
        all_url=list_of("admin:staff_customernote_changelist"),
    )
)
CustomerAdmin.extend(
    tools=[Tool(_("Write a note"), "admin:staff_customernote_for", "staff.add_customernote")]
)
