"""Another SECRET_KEY: with the former one as a fallback nobody is logged out and no recovery code is lost."""

import pytest

from panel.accounts import second_factor
from panel.accounts.second_factor import SecondFactorWrong
from tests.factories import make_customer
from tests.panel.accounts.code_steps import ADDRESS
from tests.panel.accounts.factor_steps import turn_on

FORMER, NEXT = "former-" + "f" * 50, "next-" + "n" * 50


def rotate(settings, fallbacks):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEXT, fallbacks


@pytest.mark.django_db
def test_recovery_codes_outlive_the_key_they_were_made_with(settings):
    settings.SECRET_KEY = FORMER
    customer = make_customer()
    _, codes = turn_on(customer)
    rotate(settings, [])
    with pytest.raises(SecondFactorWrong):
        second_factor.check(customer.pk, codes[0], ADDRESS)
    rotate(settings, [FORMER])
    second_factor.check(customer.pk, codes[0], ADDRESS)
    assert second_factor.count_recovery_codes(customer.pk) == 9


@pytest.mark.django_db
@pytest.mark.parametrize(("fallbacks", "status"), [([FORMER], 200), ([], 302)])
def test_a_session_lives_on_while_its_key_is_a_fallback(settings, client, fallbacks, status):
    settings.SECRET_KEY = FORMER
    client.force_login(make_customer(), backend="panel.accounts.backends.MobileOrEmailBackend")
    assert client.get("/security/").status_code == 200
    rotate(settings, fallbacks)
    assert client.get("/security/").status_code == status
