"""Accounts elsewhere that open a customer's account here: one customer each, and one of each provider a customer."""

from django.db import IntegrityError, transaction

from panel.accounts.models import Customer, SocialIdentity
from panel.accounts.registering import register_person

INSTAGRAM = SocialIdentity.Provider.INSTAGRAM


class IdentityTaken(Exception):
    """The account elsewhere belongs to another customer, or this customer has linked another one."""


def find_identity(customer_id, provider=INSTAGRAM):
    """The customer's SocialIdentity at the provider, or None."""
    return SocialIdentity.objects.filter(customer_id=customer_id, provider=provider).first()


def enter_with_identity(uid, username, welcome, provider=INSTAGRAM):
    """The customer of an account elsewhere, made and passed to `welcome` if it is the first time; locked ones too.

    Two logins at the same moment make one customer.
    """
    known = _find(provider, uid)
    if known is None:
        try:
            with transaction.atomic():
                customer = register_person()
                known = SocialIdentity.objects.create(
                    provider=provider, uid=uid, username=username, customer=customer
                )
                welcome(customer)
        except IntegrityError:
            known = _find(provider, uid)
            if known is None:
                raise
    if username and known.username != username:
        SocialIdentity.objects.filter(pk=known.pk).update(username=username)
    return known.customer


def link_identity(customer_id, uid, username, provider=INSTAGRAM):
    """Let an account elsewhere open the customer's account; the same one again changes nothing.

    Raises IdentityTaken.
    """
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)
        known = _find(provider, uid)
        own = find_identity(customer_id, provider)
        if known is None and own is None:
            try:
                with transaction.atomic():
                    return SocialIdentity.objects.create(
                        provider=provider, uid=uid, username=username, customer_id=customer_id
                    )
            except IntegrityError as error:
                raise IdentityTaken from error
        if known is None or known.customer_id != customer_id:
            raise IdentityTaken
        return known


def unlink_identity(identity_id):
    """Let an account elsewhere open nothing here any more; returns whether this call did. It may be linked anew."""
    return bool(SocialIdentity.objects.filter(pk=identity_id).delete()[0])


def _find(provider, uid):
    return SocialIdentity.objects.select_related("customer").filter(provider=provider, uid=uid).first()
