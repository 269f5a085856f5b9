"""The numbers that customers may send from."""

from django.conf import settings
from django.db.models import Q

from sms.gateway.codes import SendState
from sms.models import SenderLine
from sms.refusals import SmsRefused


def list_lines(customer_id):
    """The SenderLines a customer may send from; without any in the admin, the settings' number for all."""
    lines = list(_lines_of(customer_id).order_by("number"))
    if not lines and settings.SMS_FROM and not SenderLine.objects.exists():
        lines = [SenderLine(number=settings.SMS_FROM, advertising=False)]
    return lines


def find_line(customer_id, number):
    """The SenderLine of that number. Raises SmsRefused(WRONG_NUMBER) for any that the customer may not use."""
    line = next((line for line in list_lines(customer_id) if line.number == number), None)
    if line is None:
        raise SmsRefused(SendState.WRONG_NUMBER, number)
    return line


def _lines_of(customer_id):
    return SenderLine.objects.filter(Q(customer=None) | Q(customer_id=customer_id), active=True)
