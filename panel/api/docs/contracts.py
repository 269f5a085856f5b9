"""The contracts that the reference describes: one line for each document."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, override

from panel.accounts.models import ApiToken
from panel.api.docs.gray_city_openapi import build_gray_city
from panel.api.docs.happy_follower_openapi import build_happy_follower, build_happy_sandbox
from panel.api.docs.likenama_openapi import build_likenama
from panel.api.docs.panel_app_openapi import build_panel_app
from panel.api.docs.sms_rest_openapi import build_sms_rest
from panel.api.docs.standard_openapi import build_standard


@dataclass(frozen=True, slots=True)
class Described:
    """A document: its name in addresses, the contract whose keys it takes, and what builds it."""

    slug: str
    contract: str
    build: Callable


CONTRACTS = {
    one.slug: one
    for one in (
        Described("standard", ApiToken.Contract.STANDARD, build_standard),
        Described("gray-city", ApiToken.Contract.GRAY_CITY, build_gray_city),
        Described("happy-follower", ApiToken.Contract.HAPPY_FOLLOWER, build_happy_follower),
        Described("happy-follower-sandbox", ApiToken.Contract.HAPPY_FOLLOWER, build_happy_sandbox),
        Described("panel-app", ApiToken.Contract.PANEL_APP, build_panel_app),
        Described("likenama", ApiToken.Contract.LIKENAMA, build_likenama),
        Described("sms-rest", ApiToken.Contract.SMS_REST, build_sms_rest),
    )
}


def find_document(slug):
    """The OpenAPI document of a contract in the active language; it is shared, so don't change it.

    Raises KeyError for a contract that isn't described.
    """
    return _build(CONTRACTS[slug], get_language(), settings.BASE_URL)


@lru_cache(maxsize=32)
def _build(described, language, _base_url):
    with override(language):
        return described.build()
