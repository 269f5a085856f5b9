"""Many sends at once from one wallet: as many as it holds, and the book is right."""

import pytest
from django.core.management import call_command

from panel.wallet.ledger import read_balance
from sms.models import Message, Package, Send, SenderLine
from tests.factories import make_customer
from tests.panel.api.sms_rest.conftest import LINE, make_caller
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_sends_from_a_wallet_for_five():
    Package.objects.create(name="basic", persian_price=10, latin_price=5, is_default=True)
    SenderLine.objects.create(number=LINE)
    customer = make_customer(toman=25)
    caller = make_caller(customer)
    content = {"from": LINE, "recipients": ["09121111111"], "message": "hello"}
    answers = run_together(*[lambda: caller.post("sms/send", content)] * 20)
    codes = sorted(body["result"]["status"] for _, body in answers)
    assert codes == [0] * 5 + [22] * 15
    assert (Send.objects.count(), Message.objects.count(), read_balance(customer.pk)) == (5, 5, 0)
    call_command("audit_ledger")
