"""The base of every admin page of ours, and of those on which nothing can be changed by hand."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from panel.admin_site.auditing import find_changes, take_snapshot, tell_action
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


NAMED_IDS = 100  # of the rows that an action was done to


def talks_to_others(action):
    """Marks an action on several rows that calls a provider or a bank: no transaction is open meanwhile."""
    action.talks = True
    return action


class AuditedMixin:
    """Tells of every addition, change and deletion, with what each field was before, and of every bulk action."""

    def get_object(self, request, object_id, from_field=None):
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST":
            keep_snapshot(obj)
        return obj

    def get_actions(self, request):
        actions = super().get_actions(request)
        return {
            key: (_audit_action(func, words), *rest, words) for key, (func, *rest, words) in actions.items()
        }

    def log_addition(self, request, obj, message):
        tell_action(request, "add", obj, changes=find_changes(type(obj), {}, take_snapshot(obj)))
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        before = getattr(obj, "audited_before", None)
        changes = find_changes(type(obj), before, take_snapshot(obj)) if before is not None else {}
        tell_action(request, "change", obj, changes=changes, words=_word(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            changes = find_changes(type(obj), take_snapshot(obj), {})
            tell_action(request, "delete", obj, changes=changes)
        return super().log_deletions(request, queryset)


def keep_snapshot(obj):
    """Remember with `obj` what it is now, for the log of its change."""
    obj.audited_before = take_snapshot(obj)


def _audit_action(func, words):
    """The bulk action `func`, told of before it begins; unless it talks to others both commit together."""

    @wraps(func)
    def run(model_admin, request, queryset):
        with nullcontext() if getattr(func, "talks", False) else transaction.atomic():
            ids = list(queryset.values_list("pk", flat=True)[: NAMED_IDS + 1])
            named = ", ".join(map(str, ids[:NAMED_IDS])) + (", …" if len(ids) > NAMED_IDS else "")
            tell_action(request, "action", words=f"{queryset.model._meta.label_lower}: {words}: {named}")
            return func(model_admin, request, queryset)

    return run


def _word(message):
    """A change message of Django's as a sentence; ours are sentences already."""
    if isinstance(message, str):
        return message
    return LogEntry(change_message=json.dumps(message)).get_change_message()


class CalmAutocompleteSelect(AutocompleteSelect):
    """Django's asks the table for whatever was sent, and falls over what is no id when it shows the form again."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if self._names_row(one)], attr)

    def _names_row(self, text):
        try:
            self.field.remote_field.model._meta.pk.to_python(text or None)
        except ValidationError:
            return False
        return True


class CalmAutocompleteMixin:
    """Gives the `autocomplete_fields` of a page or an inline the calm widget."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault(
                "widget", CalmAutocompleteSelect(db_field, self.admin_site, using=kwargs.get("using"))
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PanelModelAdmin(CalmAutocompleteMixin, AuditedMixin, admin.ModelAdmin):
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

    def changeform_view(self, request, *args, **kwargs):
        """What the database refuses, though the form found it good: somebody else was there a moment before."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            words = _(
                "Nothing was saved: it does not go with what is stored by now. Look at the page and try again."
            )
            messages.error(request, words)
            return HttpResponseRedirect(request.get_full_path())

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
