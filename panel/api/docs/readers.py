"""Examples as their reader would send them."""

from django.db.models import Q
from django.utils import timezone

from panel.accounts.models import ApiToken
from panel.api.docs.documents import KEY


def find_key_mark(customer, contract):
    """What stands for the reader's key: the prefix of their newest living one of the contract, or a placeholder."""
    if not customer.is_authenticated:
        return KEY
    living = ApiToken.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        customer=customer,
        contract=contract,
        use=ApiToken.Use.KEY,
        revoked_at=None,
        replaced_by=None,
    )
    prefix = living.order_by("-pk").values_list("prefix", flat=True).first()
    return f"{prefix}…{KEY}" if prefix else KEY
