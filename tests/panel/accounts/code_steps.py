"""The steps of a login by code, for tests that walk it."""

from datetime import timedelta

from django.db.models import F

from panel.accounts.login_codes import ask_code
from panel.accounts.models import LoginCode

ADDRESS = "192.0.2.7"


class Phone:
    """Takes what is sent: `phone(fresh)` is a `send`."""

    def __init__(self):
        self.codes = []

    def __call__(self, fresh):
        # The rows of codes sent in vain are known by their empty digest.
        if LoginCode.objects.get(pk=fresh.row_id).digest:
            self.codes.append(fresh)

    @property
    def code(self):
        """The text of the newest code."""
        return self.codes[-1].code

    @property
    def sent_to(self):
        """The mobiles that codes came to, in order."""
        return [fresh.mobile for fresh in self.codes]


def ask(username, phone, address=ADDRESS):
    """Ask for a login code; returns when it expires."""
    return ask_code(username, address, phone)


def let_pass(seconds):
    """Let all asks be so much older."""
    time = timedelta(seconds=seconds)
    LoginCode.objects.update(created=F("created") - time, expires_at=F("expires_at") - time)


def other_than(code):
    """Six digits that are not the code's."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
