"""The base of every admin page of ours, and of those on which nothing can be changed by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import path, reverse

from panel.admin_site.paging import CappedPaginator

LTR_FIELDS = (
    models.IntegerField,
    models.DecimalField,
    models.EmailField,
    models.URLField,
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A button at the top of an object's page: opens `url_name` with its id, for who has `permission`."""

    label: Any
    url_name: str
    permission: str
    fits: Callable[[Any], bool] = lambda obj: True


class PanelModelAdmin(admin.ModelAdmin):
    """Lists that stay fast on big tables, left-to-right inputs for numbers and links, buttons of our own."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50
    ltr_fields: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and (isinstance(db_field, LTR_FIELDS) or db_field.name in self.ltr_fields):
            field.widget.attrs["dir"] = "ltr"
        return field

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["tools"] = [
            {"label": tool.label, "url": reverse(tool.url_name, args=[obj.pk])}
            for tool in (self.tools if obj else ())
            if request.user.has_perm(tool.permission) and tool.fits(obj)
        ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


class ViewOnlyMixin:
    """Rows that the panel writes and nobody edits: neither added, changed nor deleted here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        opts = self.opts
        names = (f"{opts.app_label}.{action}_{opts.model_name}" for action in ("view", "change"))
        return any(map(request.user.has_perm, names))


class ViewOnlyAdmin(ViewOnlyMixin, PanelModelAdmin):
    """The pages of such rows."""


class ViewOnlyInline(ViewOnlyMixin, admin.TabularInline):
    """Such rows on another object's page."""

    extra = 0
    show_change_link = True


def add_pages(model_admin, *pages):
    """URL patterns of `(path, view, name)` pages, for staff only as all of the admin is."""
    wrap = model_admin.admin_site.admin_view
    return [path(route, wrap(view), name=name) for route, view, name in pages]
