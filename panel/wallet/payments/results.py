"""The mark with which customers come back from the bank to the wallet page: it names a payment and tells nothing."""

from django.core import signing

from panel.wallet.payments.models import Payment

SALT = "panel.wallet.payments.results"


def sign_result(payment):
    """The mark of a payment, safe in an address; it opens nothing to anybody but the payment's customer."""
    return signing.dumps(payment.pk, salt=SALT)


def find_result(mark, customer_id):
    """The customer's own payment that the mark names, or None."""
    try:
        payment_id = signing.loads(mark, salt=SALT)
    except signing.BadSignature:
        return None
    return Payment.objects.filter(pk=payment_id, customer_id=customer_id).first()
