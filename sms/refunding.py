"""Paying back what no gateway took."""

from django.db.models import F

from panel.wallet.house import house_id
from panel.wallet.ledger import open_wallet, transfer
from panel.wallet.models import Account, Transfer
from sms.models import Send


def refund_messages(send_id, message_ids):
    """Give a customer back the price of these messages of a send, which have failed in this very transaction.

    A message fails once, so the first of them names the transfer. Returns the toman given back.
    """
    # Without its text, which may be what could not be read.
    send = Send.objects.select_for_update().only("customer", "part_price", "parts").get(pk=send_id)
    amount = send.part_price * send.parts * len(message_ids)
    if not amount:
        return 0
    Send.objects.filter(pk=send_id).update(refunded=F("refunded") + amount)
    transfer(
        debit_id=house_id(Account.Kind.SALES),
        credit_id=open_wallet(send.customer_id).pk,
        amount=amount,
        kind=Transfer.Kind.SMS_REFUND,
        key=f"sms:{send_id}:refund:{min(message_ids)}",
        reference=str(send_id),
    )
    return amount
