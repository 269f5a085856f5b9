"""The admin as a whole: who comes in, and by which door."""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from panel.accounts import second_factor
from panel.accounts.entering import has_password_session, may_operate
from panel.dashboard.preferences import read_next
from panel.dashboard.views.login import StaffLogin


class PanelAdminSite(admin.AdminSite):
    """Opens to staff who came with a password, and with their second factor where one is required."""

    def has_permission(self, request):
        return super().has_permission(request) and may_operate(request)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """The staff's door; who only lacks a second factor of their own is led to make one."""
        after = read_next(request, reverse("admin:index"))
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.method == "GET" and super().has_permission(request) and _has_to_begin(request):
            return redirect_to_login(after, reverse("dashboard:second_factor"))
        return StaffLogin.as_view(
            next_page=reverse("admin:index"), extra_context={REDIRECT_FIELD_NAME: after}
        )(request)

    def password_change(self, request, extra_context=None):
        """One's own password is changed on one's profile: with the old one and the second factor."""
        return HttpResponseRedirect(reverse("dashboard:password"))


def _has_to_begin(request):
    return has_password_session(request) and not second_factor.is_on(request.user.pk)
