"""Logging in; logging out is Django's own view."""

from django.contrib.auth.views import LoginView

from panel.dashboard.login_forms import LoginForm


class CustomerLogin(LoginView):
    """Login by mobile in any usual spelling, or email, with a password."""

    template_name = "dashboard/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_invalid(self, form):
        """The page again; 429 with Retry-After when too many passwords were tried."""
        response = super().form_invalid(form)
        if form.throttled is not None:
            response.status_code = 429
            response.headers["Retry-After"] = str(form.throttled)
        return response
