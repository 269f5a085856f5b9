"""What the demo's customers send SMS with: prices, sender numbers, and a pattern that may be sent."""

from django.conf import settings
from django.utils import timezone

from panel.accounts.models import Customer
from panel.demo_data.people import CUSTOMER
from sms.models import Package, Pattern, SenderLine

PACKAGE = {"persian_price": 120, "latin_price": 250, "is_default": True}
ADVERTISING_NUMBER = "50001234"
PATTERN = "{name} عزیز، کد شما: {code}"
PATTERN_WORDS = ["name", "code"]


def load_texting():
    """Store what is missing; what was changed by hand stays."""
    if not Package.objects.filter(is_default=True).exists():
        Package.objects.get_or_create(name="عادی", defaults=PACKAGE)
    SenderLine.objects.get_or_create(number=settings.SMS_FROM, defaults={"advertising": False})
    SenderLine.objects.get_or_create(number=ADVERTISING_NUMBER, defaults={"advertising": True})
    Pattern.objects.get_or_create(
        customer=Customer.objects.get(username=CUSTOMER.username),
        body=PATTERN,
        defaults={"title": "کد ورود", "state": Pattern.State.APPROVED, "decided_at": timezone.now()},
    )


def describe_pattern():
    """The pattern's id and the names of its variables."""
    row = Pattern.objects.filter(customer__username=CUSTOMER.username, body=PATTERN).first()
    return {"id": row and row.pk, "vars": PATTERN_WORDS}
