"""Logging in by password, customers and staff; logging out is Django's own view."""

from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from panel.accounts.browser_sessions import How
from panel.accounts.entering import EntryRefused, enter
from panel.accounts.login_forms import LoginForm, StaffLoginForm


class PasswordLogin(LoginView):
    """Goes on to where one wanted to go, or to the second factor of who has one."""

    def form_valid(self, form):
        after = self.get_success_url()
        try:
            entry = enter(self.request, form.get_user(), How.PASSWORD, after)
        except EntryRefused:
            form.add_error(None, form.get_invalid_login_error())
            return self.form_invalid(form)
        return HttpResponseRedirect(after) if entry.is_open else redirect("dashboard:second_step")

    def form_invalid(self, form):
        """The page again; 429 with Retry-After when too many passwords were tried."""
        response = super().form_invalid(form)
        if form.throttled is not None:
            response.status_code = 429
            response.headers["Retry-After"] = str(form.throttled)
        return response


class CustomerLogin(PasswordLogin):
    """Login by mobile in any usual spelling, or email, with a password."""

    template_name = "dashboard/entry/password.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


class StaffLogin(PasswordLogin):
    """The admin's door: by password alone, and to staff alone."""

    template_name = "admin/login.html"
    authentication_form = StaffLoginForm
