"""The pages of event rows: all can be seen, and those set aside can be handed out again."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from panel.admin_site.columns import moment_column
from panel.admin_site.model_admin import ViewOnlyAdmin


class SetAsideFilter(admin.SimpleListFilter):
    """Events whose receivers failed too often."""

    title = _("handling")
    parameter_name = "handling"

    def lookups(self, request, model_admin):
        return [("set_aside", _("set aside")), ("waiting", _("waiting"))]

    def queryset(self, request, queryset):
        if self.value() == "set_aside":
            return queryset.filter(set_aside_at__isnull=False)
        if self.value() == "waiting":
            return queryset.filter(handled_at=None, set_aside_at=None)
        return queryset


class EventAdmin(ViewOnlyAdmin):
    """Subclasses name the column of what the event is about in `about`."""

    about = ""
    list_filter = (SetAsideFilter,)
    ordering = ("-id",)
    actions = ("try_again",)
    search_fields = ()

    def get_list_display(self, request):
        moments = [moment_column("created", _("created")), moment_column("handled_at", _("handled"))]
        return ["id", self.about, "kind", *moments, "failures", moment_column("set_aside_at", _("set aside"))]

    def has_try_again_permission(self, request):
        opts = self.opts
        return request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}")

    @admin.action(description=_("Hand out again"), permissions=["try_again"])
    def try_again(self, request, queryset):
        """Let the worker try events that were set aside; all others stay as they are."""
        count = queryset.filter(set_aside_at__isnull=False).update(set_aside_at=None, failures=0)
        words = ngettext(
            "%(count)s event is handed out again.", "%(count)s events are handed out again.", count
        )
        messages.success(request, words % {"count": count})


def list_set_aside(model):
    """The events of `model` that wait for a person."""
    return model.objects.filter(set_aside_at__isnull=False)
