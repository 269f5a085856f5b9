"""The second panel of the loop test, which sells what the first one buys: filled and asked in a process of its own.

`python -m tests.processes.second_panel open SANDBOX_URL` prints whom and what the test needs, `... orders` what
became of the orders, both as JSON.
"""

import json
import sys

import django

BUYER_FUNDS = 10_000_000
PRICE = 2000  # toman per 1,000


def open_shop(sandbox_url):
    """A customer with money and a key of each contract, and one service on its way to the sandbox."""
    from panel.accounts.models import ApiToken
    from tests.factories import make_customer, make_key, make_provider, make_route, make_service

    customer = make_customer(BUYER_FUNDS)
    service = make_service(kind="like", price=PRICE, same_link="queue")
    make_route(service, make_provider(sandbox_url, honours_idempotency_key=True), upstream_service="2")
    names = ("STANDARD", "GRAY_CITY", "HAPPY_FOLLOWER", "PANEL_APP")
    contracts = [ApiToken.Contract[name] for name in names]
    return {
        "customer": customer.pk,
        "service": service.pk,
        "category": service.category_id,
        "keys": {str(contract): make_key(customer, contract) for contract in contracts},
    }


def list_orders():
    """Every order with its numbers, and what the buyer's wallet holds. Fails where the ledger doesn't add up."""
    from django.core.management import call_command

    from orders.models import Order
    from panel.lib.tracking import make_tracking_id
    from panel.wallet.ledger import read_balance

    columns = ("id", "link", "status", "forwarding", "quantity", "charge", "refunded", "remains", "channel")
    rows = list(Order.objects.order_by("id").values("customer_id", *columns))
    call_command("audit_ledger", stdout=sys.stderr)
    return {
        "orders": [row | {"tracking_id": make_tracking_id(row["id"])} for row in rows],
        "balance": read_balance(rows[0]["customer_id"]) if rows else BUYER_FUNDS,
    }


def main():
    django.setup()
    command, *arguments = sys.argv[1:]
    print(json.dumps({"open": open_shop, "orders": list_orders}[command](*arguments)))


if __name__ == "__main__":
    main()
