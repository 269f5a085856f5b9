"""The login forms of customers and of staff: both count tries."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from panel.accounts.logins import LoginThrottled, check_login
from panel.accounts.waiting import word_tries_wait
from panel.lib.client_address import read_client_address


class CountedLogin:
    """Checks the password by panel.accounts.logins. `throttled` holds the seconds to wait, or None."""

    throttled = None

    def clean(self):
        login, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if login and password:
            self.user_cache = self._check(login, password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data

    def _check(self, login, password):
        try:
            return check_login(read_client_address(self.request.META), login, password)
        except LoginThrottled as error:
            self.throttled = error.retry_after_seconds
            raise ValidationError(word_tries_wait(error), code="throttled") from None


class LoginForm(CountedLogin, AuthenticationForm):
    """One answer for every wrong login, so that nobody learns which names exist."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("The login name or the password is wrong."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Mobile or email")
        self.fields["username"].max_length = 254
        self.fields["password"].label = _("Password")


class StaffLoginForm(CountedLogin, AdminAuthenticationForm):
    """The admin's own form, with the same counting."""
