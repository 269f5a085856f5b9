"""The admin of the shop: products with their stock, codes put into it from files, and who bought which."""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from campaigns.models import Product, ProductCode
from campaigns.stock import MOST_CODES, StockRefused, count_stock, import_codes, list_low
from panel.admin_site.actions import Action, ActionRefused, answer_actions
from panel.admin_site.columns import moment_column, number_column, show_number
from panel.admin_site.model_admin import PanelModelAdmin, Tool, ViewOnlyAdmin, add_pages
from panel.admin_site.search import IndexedSearchMixin
from panel.admin_site.work_list import WorkLine, add_work
from panel.lib.dates import format_number

MAY_IMPORT = "campaigns.add_productcode"
MOST_BYTES = 2_000_000
SHOWN_LINES = 50
price = number_column("price", _("price in coins"))
created = moment_column("created", _("created"))


class CountingList(ChangeList):
    """Counts the codes of all products in one statement."""

    def get_results(self, request):
        super().get_results(request)
        stock = count_stock()
        self.result_list = list(self.result_list)
        for product in self.result_list:
            product.left, product.sold = stock.get(product.pk, (0, 0))


class LowFilter(admin.SimpleListFilter):
    """Active products with too few codes."""

    title = _("running low")
    parameter_name = "low"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=list_low().values("pk")) if self.value() == "yes" else queryset


@admin.display(description=_("in stock"))
def stock_link(product):
    """How many codes are left, marked when they are too few."""
    rows = f"{reverse('admin:campaigns_productcode_changelist')}?product__id__exact={product.pk}&buyer__isempty=1"
    low = product.active and product.left < product.low_stock
    words = format_html(" {}", _("low")) if low else ""
    css_class = "low-stock" if low else ""
    return format_html('<a href="{}" class="{}">{}{}</a>', rows, css_class, show_number(product.left), words)


@admin.display(description=_("sold"))
def sold_link(product):
    """How many codes were sold."""
    rows = f"{reverse('admin:campaigns_productcode_changelist')}?product__id__exact={product.pk}&buyer__isempty=0"
    return format_html('<a href="{}">{}</a>', rows, show_number(product.sold))


class CodesForm(forms.Form):
    """A file of codes."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = _t("One code a line, in the first column; UTF-8, at most %(codes)s lines.")
        self.fields["file"].help_text = words % {"codes": format_number(MOST_CODES, get_language())}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_t("This file is too large."))
        return file


def _import(request, product, data):
    try:
        done = import_codes(product, data["file"].read())
    except StockRefused as refused:
        raise ActionRefused(_say_refused(refused.reason)) from None
    words = " ".join(_say_imported(done))
    if not done.added:
        raise ActionRefused(words)
    return words


def _say_refused(reason):
    return {
        "unreadable": _t("This file can't be read: save it as CSV in UTF-8."),
        "empty": _t("There is no code in this file."),
        "many": _t("There are too many codes in this file."),
    }[reason]


def _say_imported(done):
    """Sentences about an import; codes themselves are never told."""
    words = ngettext("%(count)s code is in stock now.", "%(count)s codes are in stock now.", done.added)
    yield words % {"count": format_number(done.added, get_language())}
    if done.known:
        yield _t("There already, or twice in the file, in lines: %(lines)s.") % {"lines": _list(done.known)}
    if done.bad:
        yield _t("Not taken, as they are empty, too long or unreadable, in lines: %(lines)s.") % {
            "lines": _list(done.bad)
        }


def _list(lines):
    shown = [format_number(line, get_language()) for line in lines[:SHOWN_LINES]]
    return ", ".join([*shown, "…"] if len(lines) > SHOWN_LINES else shown)


IMPORT = Action(
    title=_("Put codes into stock"),
    button=_("Import"),
    act=_import,
    permission=MAY_IMPORT,
    form_class=CodesForm,
    note=_(
        "Codes that are there already, sold ones too, are passed by. They are kept encrypted and shown to their"
        " buyer alone."
    ),
)


@admin.register(Product)
class ProductAdmin(PanelModelAdmin):
    """Never deleted, for sold codes name it: `active` ends its sale."""

    list_display = ("title", "product_type", price, stock_link, sold_link, "active")
    list_filter = ("active", LowFilter)
    search_fields = ("title",)
    ordering = ("id",)
    fields = ("title", "product_type", "price", "description", "active", "low_stock", created)
    readonly_fields = (created,)
    ltr_fields = ("product_type",)
    tools = (Tool(_("Import codes…"), "admin:campaigns_product_import", MAY_IMPORT),)

    def get_changelist(self, request, **kwargs):
        return CountingList

    def get_urls(self):
        page = ("<int:object_id>/import/", self.import_page, "campaigns_product_import")
        return add_pages(self, page) + super().get_urls()

    def has_delete_permission(self, request, obj=None):
        return False

    def import_page(self, request, object_id):
        """Takes a file of codes."""
        return answer_actions(self, request, object_id, [IMPORT], context=_show_stock)


def _show_stock(product):
    left, sold = count_stock().get(product.pk, (0, 0))
    return {"evidence": [(_("in stock"), show_number(left)), (_("sold"), show_number(sold))]}


@admin.display(description=_("state"))
def code_state(code):
    """In stock or sold, in a word."""
    return _("sold") if code.buyer_id else _("in stock")


@admin.register(ProductCode)
class ProductCodeAdmin(IndexedSearchMixin, ViewOnlyAdmin):
    """Who bought what; no code itself. Search by number or by the buyer's login name."""

    list_display = (
        "id",
        "product",
        code_state,
        "buyer",
        number_column("price", _("paid in coins")),
        moment_column("sold_at", _("sold")),
        moment_column("shown_again_at", _("shown once more")),
        created,
    )
    list_filter = (("buyer", admin.EmptyFieldListFilter), "product")
    list_select_related = ("product", "buyer")
    ordering = ("-id",)
    sortable_by = ("id",)
    customer_lookup = "buyer_id"
    fields = readonly_fields = list_display[1:]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("code", "digest")


add_work(
    WorkLine(
        label=_("products with low stock"),
        count=list_low,
        url_name="admin:campaigns_product_changelist",
        permission="campaigns.view_product",
        query="?low=yes",
    )
)
