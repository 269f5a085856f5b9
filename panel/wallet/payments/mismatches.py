"""Payments whose amount at the bank is another one: nothing is credited by itself, a person settles each."""

from panel.wallet.payments.models import Payment


def list_mismatches():
    """The ones that nobody has settled yet."""
    return Payment.objects.filter(state=Payment.State.MISMATCH, reference="")


def settle_mismatch(payment_id, reference):
    """Write down what settled it (a transfer of ours, a refund of the bank); True unless it was settled before.

    Moves no money: a wallet is credited by hand, with a reason. Raises ValueError for an empty `reference`.
    """
    if not reference.strip():
        raise ValueError("say what settled the payment")
    return bool(list_mismatches().filter(pk=payment_id).update(reference=reference.strip()[:64]))
