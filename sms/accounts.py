"""Who may use SMS, and at which prices."""

from django.utils import timezone

from panel.accounts.models import Customer
from sms.gateway.codes import UserState
from sms.models import Package, SmsAccount
from sms.refusals import SmsRefused


def find_account(customer):
    """The customer's SmsAccount; one that says nothing special where there is no row."""
    return SmsAccount.objects.select_related("package").filter(customer_id=customer.pk).first() or SmsAccount(
        customer=customer
    )


def find_package(account):
    """The Package whose prices an SmsAccount pays, or None."""
    if account.package is not None:
        return account.package
    return Package.objects.filter(is_default=True, active=True).first()


def judge_account(customer, account, package):
    """The UserState of a customer («وضعیت‌های کاربر»); the first that holds counts."""
    now = timezone.now()
    states = (
        (account.closed_at is not None and account.closed_at <= now, UserState.NOT_FOUND),
        (not customer.is_active, UserState.LOCKED),
        (account.expires_at is not None and account.expires_at <= now, UserState.EXPIRED),
        (not customer.mobile_verified, UserState.UNVERIFIED),
        (not account.access or package is None, UserState.NO_ACCESS),
        (account.trial, UserState.TRIAL),
    )
    return next((state for holds, state in states if holds), UserState.ACTIVE)


def find_state(customer):
    """The UserState of a customer."""
    account = find_account(customer)
    return judge_account(customer, account, find_package(account))


def require_package(customer_id):
    """The Package of a customer who may send. Raises SmsRefused with the UserState of anybody else."""
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise SmsRefused(UserState.NOT_FOUND)
    account = find_account(customer)
    package = find_package(account)
    state = judge_account(customer, account, package)
    if state is not UserState.ACTIVE:
        raise SmsRefused(state)
    return package
