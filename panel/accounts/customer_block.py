"""The customer's account at the top of their page in the admin: discounts, logins, keys, accounts elsewhere."""

from django.utils.translation import gettext_lazy as _

from panel.accounts.models import ApiToken, LoginCode
from panel.admin_site.columns import EMPTY, moment_column, show_number
from panel.admin_site.customer_page import (
    SHOWN_ROWS,
    BlockContent,
    CustomerBlock,
    add_customer_block,
    link_row,
    list_of,
)

created = moment_column("created", _("created"))
used = moment_column("used_at", _("used"))
last_used = moment_column("last_used_at", _("last used"))
terms_accepted = moment_column("terms_accepted_at", _("terms accepted"))
terms_version = moment_column("terms_version", _("version of the terms"))
last_login = moment_column("last_login", _("last login"))


def _read_person(customer):
    facts = (
        (_("last login"), last_login(customer)),
        (_("customer since"), created(customer)),
        (_("terms accepted"), terms_accepted(customer)),
        (_("version of the terms"), _name_terms(customer)),
        (_("discount in percent"), show_number(customer.percent_off)),
        (_("by their price level"), show_number(customer.level_discount)),
        (_("state"), _("active") if customer.is_active else _("locked")),
        (_("may not order because"), customer.order_block or EMPTY),
        (_("accounts elsewhere"), ", ".join(map(str, customer.identities.all())) or EMPTY),
    )
    asked = LoginCode.objects.filter(subject=f"mobile:{customer.mobile}").order_by("-created")
    rows = tuple((created(code), used(code), code.address) for code in asked[:SHOWN_ROWS])
    heads = (_("code asked for"), _("used"), _("asked from"))
    return BlockContent(facts, heads, rows, _("No code was asked for with their mobile."))


def _name_terms(customer):
    """When the text that they accepted was last changed."""
    if customer.terms_accepted_at and customer.terms_version is None:
        return _("the panel's own, before the operator wrote any")
    return terms_version(customer)


def _read_keys(customer):
    newest = ApiToken.objects.filter(customer=customer, use=ApiToken.Use.KEY).order_by("-id")[:SHOWN_ROWS]
    rows = tuple(
        (link_row("admin:accounts_apitoken_change", key, f"{key.prefix}…"), key.get_contract_display())
        + (last_used(key), _("revoked") if key.revoked_at else _("live"))
        for key in newest
    )
    heads = (_("begins with"), _("contract"), _("last used"), _("state"))
    return BlockContent(heads=heads, rows=rows, empty=_("They have no API key."))


add_customer_block(
    CustomerBlock(title=_("Person"), place=20, permission="accounts.view_customer", read=_read_person)
)
add_customer_block(
    CustomerBlock(
        title=_("API keys"),
        place=90,
        permission="accounts.view_apitoken",
        read=_read_keys,
        all_url=list_of("admin:accounts_apitoken_changelist"),
    )
)
