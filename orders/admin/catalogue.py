"""The admin pages of what is on sale: categories, services, and the number that caches go by."""

import re

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.catalogue_changes import save_edited_service
from orders.models import MAX_PRICE, MAX_QUANTITY, CatalogueVersion, Category, Service
from orders.refusals import OrderRefused
from orders.validation import Shape, fits_link_rule, read_link
from panel.admin_site.columns import moment_column, number_column
from panel.admin_site.model_admin import PanelModelAdmin, ViewOnlyAdmin

created = moment_column("created", _("created"))
changed = moment_column("changed", _("changed"))
_HOST = re.compile(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_][\w-]*")


@admin.register(Category)
class CategoryAdmin(PanelModelAdmin):
    """Shelves, put in order right in the list; one that holds services can't be deleted, only switched off."""

    list_display = ("id", "name", "sort", "active", changed)
    list_display_links = ("id", "name")
    list_editable = ("sort",)
    list_filter = ("active",)
    search_fields = ("name", "=id")
    fields = ("name", "description", "image", "sort", "active", created, changed)
    readonly_fields = (created, changed)
    ltr_fields = ("image",)


class ServiceForm(forms.ModelForm):
    """Says beside the field what the table's constraints would refuse without naming one."""

    class Meta:
        model = Service
        fields = forms.ALL_FIELDS

    def clean_link_hosts(self):
        hosts = [host.strip().lower().rstrip(".") for host in self.cleaned_data["link_hosts"]]
        if bad := [host for host in hosts if not _HOST.fullmatch(host)]:
            words = _t(
                "“%(host)s” is no host. Write it as instagram.com, without https:// and without a path."
            )
            raise forms.ValidationError(words % {"host": bad[0]})
        return hosts

    def clean_link_pattern(self):
        pattern = self.cleaned_data["link_pattern"]
        try:
            re.compile(pattern)
        except re.error as error:
            words = _t("This is no regular expression: %(reason)s.")
            raise forms.ValidationError(words % {"reason": error}) from None
        return pattern

    def clean(self):
        data = super().clean()
        self._check_example()
        self._check_range("price", 0, MAX_PRICE)
        self._check_range("original_price", 0, MAX_PRICE)
        self._check_range("min", 1, MAX_QUANTITY)
        self._check_range("max", data.get("min") or 1, MAX_QUANTITY)
        self._check_range("pack_size", 1, MAX_QUANTITY)
        return data

    def _check_example(self):
        """Who is refused by the rule is shown the example: there has to be one, and the rule has to take it."""
        data = self.cleaned_data
        if not {"link_hosts", "link_pattern", "link_example"} <= data.keys():
            return
        shape = Shape(
            type=data.get("type", ""),
            link_format=data.get("link_format", ""),
            link_hosts=data["link_hosts"],
            link_pattern=data["link_pattern"],
        )
        example = data["link_example"]
        if not example:
            if shape.link_hosts or shape.link_pattern:
                self.add_error("link_example", _t("Customers whose link is refused need an example."))
            return
        try:
            fits = fits_link_rule(shape, read_link(example, shape.link_format))
        except OrderRefused:
            fits = False
        if not fits:
            self.add_error("link_example", _t("An order with this link would be refused itself."))

    def _check_range(self, name, least, most):
        number = self.cleaned_data.get(name)
        if number is not None and not least <= number <= most:
            words = _t("This has to be a number from %(least)s to %(most)s.")
            self.add_error(name, words % {"least": least, "most": most})


_fits = {}  # the inlines that not every service has room for


@admin.register(Service)
class ServiceAdmin(PanelModelAdmin):
    """What can be ordered. Never deleted, for orders name it: `active` takes it off the shelf."""

    form = ServiceForm
    list_display = (
        "id",
        "name",
        "category",
        "type",
        "kind",
        number_column("price", _("price")),
        number_column("min", _("minimum")),
        number_column("max", _("maximum")),
        "active",
    )
    list_display_links = ("id", "name")
    list_filter = ("active", "type", "kind", "refill", "cancel", "dripfeed", "category")
    list_select_related = ("category",)
    search_fields = ("name", "=id")
    autocomplete_fields = ("category",)
    readonly_fields = ("pause_reason", created, changed)
    ltr_fields = ("link_hosts", "link_pattern", "link_example")
    fieldsets = (
        (None, {"fields": ("category", "name", "description", "active", "pause_reason")}),
        (_("Type"), {"fields": ("type", "kind")}),
        (
            _("Links"),
            {
                "fields": (
                    "link_format",
                    "same_link",
                    "link_hosts",
                    "link_pattern",
                    "link_example",
                    "min_video_seconds",
                )
            },
        ),
        (_("Price"), {"fields": ("price", "original_price", "pack_size")}),
        (_("Quantity"), {"fields": ("min", "max")}),
        (_("Abilities"), {"fields": ("dripfeed", "refill", "cancel")}),
        (_("Moments"), {"fields": (created, changed)}),
    )

    def save_model(self, request, obj, form, change):
        """With the events of what changed, as every change of the catalogue has them."""
        save_edited_service(obj)

    def get_inlines(self, request, obj):
        """Those that fit on the page of this service."""
        return [inline for inline in self.inlines if inline not in _fits or _fits[inline](obj)]

    def has_delete_permission(self, request, obj=None):
        return False


def add_service_inline(inline, fits):
    """Show `inline` on the page of services for which `fits(service)` (None: a new one) is true; called once."""
    ServiceAdmin.inlines = (*ServiceAdmin.inlines, inline)
    _fits[inline] = fits


@admin.register(CatalogueVersion)
class CatalogueVersionAdmin(ViewOnlyAdmin):
    """One row that a trigger counts up."""

    list_display = ("id", "number")
