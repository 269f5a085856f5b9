"""An authenticator app, for tests that show a second factor."""

import time

import pyotp

from panel.accounts import second_factor
from panel.accounts.models import SecondFactor
from tests.panel.accounts.code_steps import ADDRESS, other_than

STEP = second_factor.STEP_SECONDS


class Authenticator:
    """Shows the codes of one customer's factor; each `code` is of the next time-step that is still good."""

    def __init__(self, customer):
        self._customer = customer

    def at(self, steps):
        """The code of the time-step so many after now."""
        secret = SecondFactor.objects.get(customer=self._customer).secret
        return pyotp.TOTP(secret).at(time.time() + steps * STEP)

    @property
    def code(self):
        """A good code: what was used before counts as if it were an hour ago."""
        SecondFactor.objects.filter(customer=self._customer).update(last_step=0)
        return self.at(0)

    @property
    def wrong(self):
        """A code that is that of no step near now."""
        near = {self.at(steps) for steps in (-2, -1, 0, 1, 2)}
        wrong = other_than(self.at(0))
        while wrong in near:
            wrong = other_than(wrong)
        return wrong


def turn_on(customer, session_id=None):
    """Give the customer a second factor; returns their Authenticator and the recovery codes."""
    second_factor.begin(customer.pk)
    app = Authenticator(customer)
    codes = second_factor.confirm(customer.pk, app.at(0), ADDRESS, session_id)
    return app, codes
