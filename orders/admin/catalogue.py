"""The admin pages of what is on sale: categories, services, and the number that caches go by."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import MAX_PRICE, MAX_QUANTITY, CatalogueVersion, Category, Service
from panel.admin_site.columns import moment_column, number_column
from panel.admin_site.model_admin import PanelModelAdmin, ViewOnlyAdmin

created = moment_column("created", _("created"))
changed = moment_column("changed", _("changed"))


@admin.register(Category)
class CategoryAdmin(PanelModelAdmin):
    """Shelves; one that holds services can't be deleted, only switched off."""

    list_display = ("id", "name", "sort", "active", changed)
    list_display_links = ("id", "name")
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

    def clean(self):
        data = super().clean()
        self._check_range("price", 0, MAX_PRICE)
        self._check_range("original_price", 0, MAX_PRICE)
        self._check_range("min", 1, MAX_QUANTITY)
        self._check_range("max", data.get("min") or 1, MAX_QUANTITY)
        self._check_range("pack_size", 1, MAX_QUANTITY)
        return data

    def _check_range(self, name, least, most):
        number = self.cleaned_data.get(name)
        if number is not None and not least <= number <= most:
            words = _t("This has to be a number from %(least)s to %(most)s.")
            self.add_error(name, words % {"least": least, "most": most})


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
    readonly_fields = (created, changed)
    fieldsets = (
        (None, {"fields": ("category", "name", "description", "active")}),
        (_("Type"), {"fields": ("type", "kind", "link_format")}),
        (_("Price"), {"fields": ("price", "original_price", "pack_size")}),
        (_("Quantity"), {"fields": ("min", "max")}),
        (_("Abilities"), {"fields": ("dripfeed", "refill", "cancel")}),
        (_("Moments"), {"fields": (created, changed)}),
    )

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(CatalogueVersion)
class CatalogueVersionAdmin(ViewOnlyAdmin):
    """One row that a trigger counts up."""

    list_display = ("id", "number")
