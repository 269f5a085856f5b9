"""Putting many services on sale or taking them off, from their list."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.admin.catalogue import ServiceAdmin
from orders.models import Service
from orders.switching import MAX_REASON, switch_services


class ReasonForm(forms.Form):
    """Why they are taken off."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=MAX_REASON,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )


@admin.action(description=_("Put on sale"), permissions=["change"])
def switch_on(model_admin, request, queryset):
    """Switch the chosen services on, all that the filters show where that was chosen."""
    changed = _switch(request, queryset, True, "", _t("Put on sale."))
    words = ngettext("%(count)s service is on sale now.", "%(count)s services are on sale now.", changed)
    messages.success(request, words % {"count": changed})


@admin.action(description=_("Take off sale…"), permissions=["change"])
def switch_off(model_admin, request, queryset):
    """Ask for the reason, then switch the chosen services off."""
    form = ReasonForm(request.POST if "apply" in request.POST else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        changed = _switch(
            request, queryset, False, reason, _t("Taken off sale: %(reason)s") % {"reason": reason}
        )
        words = ngettext(
            "%(count)s service was taken off sale.", "%(count)s services were taken off sale.", changed
        )
        messages.success(request, words % {"count": changed})
        return None
    values = {
        **model_admin.admin_site.each_context(request),
        "title": _t("Take services off sale"),
        "opts": model_admin.opts,
        "form": form,
        "count": queryset.count(),
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/switch_off.html", values)


def _switch(request, queryset, active, reason, words):
    """Switch, and write a line for each that changed into its history; returns how many."""
    changed = switch_services(queryset.values_list("pk", flat=True), active=active, reason=reason)
    LogEntry.objects.log_actions(request.user.pk, Service.objects.filter(pk__in=changed), CHANGE, words)
    return len(changed)


ServiceAdmin.actions = (*ServiceAdmin.actions, switch_on, switch_off)
