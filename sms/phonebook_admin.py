"""The admin of phonebooks: how many numbers customers keep and how their imports went, but not the numbers."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from panel.admin_site.columns import EMPTY, ltr_column, moment_column, number_column
from panel.admin_site.model_admin import ViewOnlyAdmin
from panel.admin_site.search import IndexedSearchMixin
from sms.imports import FAULT_WORDS
from sms.models import Phonebook, PhonebookImport

SHOWN_FAULTS = 100
created = moment_column("created", _("created"))


@admin.register(Phonebook)
class PhonebookAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """All phonebooks. Search by customer or number of the book."""

    list_display = ("id", "name", "customer", created)
    list_display_links = ("id", "name")
    list_select_related = ("customer",)
    ordering = ("-id",)
    fields = readonly_fields = ("name", "customer", number_column("count", _("numbers")), created)

    def get_object(self, request, object_id, from_field=None):
        """The book with its `count`, which a list of many large books would take long for."""
        book = super().get_object(request, object_id, from_field)
        if book is not None:
            book.count = book.numbers.count()
        return book


@admin.register(PhonebookImport)
class PhonebookImportAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """What became of files. Search by customer or number of the import."""

    list_display = (
        "id",
        ltr_column("file_name", _("file")),
        "book",
        "customer",
        number_column("added", _("added")),
        number_column("duplicates", _("there already")),
        number_column("bad", _("not taken")),
        created,
    )
    list_select_related = ("book__customer",)
    customer_lookup = "book__customer_id"
    ordering = ("-id",)
    fields = readonly_fields = (*list_display[1:], "shown_faults")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.resolver_match.url_name.endswith("_change") else rows.defer("faults")

    @admin.display(description=_("customer"))
    def customer(self, row):
        return row.book.customer

    @admin.display(description=_("lines not taken"))
    def shown_faults(self, row):
        faults = [(line, text, FAULT_WORDS.get(why, why)) for line, text, why in row.faults[:SHOWN_FAULTS]]
        return format_html_join("", "<div><bdi>{}</bdi>: <bdi>{}</bdi>, {}</div>", faults) or EMPTY
