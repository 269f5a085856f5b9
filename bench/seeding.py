"""What the databases are filled with: customers with money and tokens, services, orders with their transfers.

Every toman comes from a transfer, so that `audit_ledger` holds for a filled database as for any other. No
table of the hot path stays empty: the server would plan for an empty one and keep that plan while it fills.
"""

from django.core.management import call_command
from django.db import connection

from orders.models import Category, Service
from panel.accounts.models import ApiToken, Customer
from panel.lib.secrets import digest_token
from panel.wallet.house import house_id
from panel.wallet.models import Account, Currency, Transfer
from providers.models import Provider, Route

CUSTOMERS = 200
FUNDS = 10**12  # toman: no wallet runs dry
CATEGORIES = 20
SERVICES = 1_000
PRICE = 12_000  # toman per 1,000
ORDERS = 1_000
QUANTITY = 100
SANDBOX_KEY = "sandbox-key"
ROWS_AT_A_TIME = 100_000
_FILL = """
WITH buyer AS (
    SELECT owner_id, id AS account_id, row_number() OVER (ORDER BY owner_id) - 1 AS place
    FROM wallet_account WHERE kind = 'wallet' AND currency = 'toman'
),
placed AS (
    INSERT INTO orders_order (customer_id, service_id, channel, link, quantity, charge, status, forwarding,
        next_try_at, start_count, remains, created, settled_at)
    SELECT owner_id, (SELECT min(id) FROM orders_service), 'standard', 'https://example.com/filled/' || n,
        {quantity}, {charge}, %(status)s::text, %(forwarding)s::text,
        CASE %(forwarding)s::text WHEN 'queued' THEN now() END, 0,
        CASE WHEN %(status)s::text = 'completed' THEN 0 END,
        moment, CASE WHEN %(status)s::text = 'completed' THEN moment END
    FROM generate_series(1, %(count)s::bigint) n JOIN buyer ON place = n %% %(buyers)s::bigint
    CROSS JOIN LATERAL (SELECT now() - make_interval(secs => %(age)s - n * %(apart)s)) aged (moment)
    ORDER BY n
    RETURNING id, customer_id, charge, created
),
moved AS (
    INSERT INTO wallet_transfer (debit_id, credit_id, amount, currency, kind, key, reference, created)
    SELECT account_id, {sales}, charge, 'toman', 'charge', 'order:' || placed.id || ':charge', placed.id, created
    FROM placed JOIN buyer ON owner_id = customer_id
),
told AS (
    INSERT INTO orders_orderevent (order_id, kind, created, handled_at)
    SELECT id, 'placed', created, created FROM placed
),
kept AS (
    INSERT INTO orders_idempotencykey (customer_id, key, input_hash, order_id)
    SELECT customer_id, 'filled-' || id, sha256(id::text::bytea), id FROM placed
    WHERE created > now() - interval '1 day'
)
UPDATE wallet_account account SET balance = balance - bill.total
FROM (SELECT customer_id, sum(charge)::bigint AS total FROM placed GROUP BY customer_id) bill
WHERE account.owner_id = bill.customer_id AND account.kind = 'wallet' AND account.currency = 'toman'
"""


def seed_panel() -> None:
    """Migrate Django's empty database and fill it: 200 wallets, 1,000 services, 1,000 orders."""
    call_command("migrate", verbosity=0)
    seed_customers()
    seed_services(SERVICES)
    with connection.cursor() as cursor:
        fill_orders(cursor, ORDERS)
        cursor.execute("VACUUM ANALYZE")


def make_token(number: int) -> str:
    """The token of the customer of that number, from 0, as long as a real one."""
    return f"bench-token-of-customer-{number:08d}"


def seed_customers() -> None:
    """Make the customers, each with one wallet that a transfer filled and one token of the standard API."""
    names = (f"bench{number}" for number in range(CUSTOMERS))
    customers = Customer.objects.bulk_create([Customer(username=name, password="!") for name in names])
    ApiToken.objects.bulk_create(
        ApiToken(
            customer=customer,
            contract=ApiToken.Contract.STANDARD,
            prefix=make_token(number)[:6],
            digest=digest_token(make_token(number)),
        )
        for number, customer in enumerate(customers)
    )
    wallets = Account.objects.bulk_create(
        [
            Account(owner=customer, kind=Account.Kind.WALLET, currency=Currency.TOMAN, balance=FUNDS)
            for customer in customers
        ]
    )
    Transfer.objects.bulk_create(
        Transfer(
            debit_id=house_id(Account.Kind.ADJUSTMENTS),
            credit=wallet,
            amount=FUNDS,
            currency=Currency.TOMAN,
            kind=Transfer.Kind.ADJUSTMENT,
            key=f"bench:{wallet.pk}:funds",
        )
        for wallet in wallets
    )


def seed_services(count: int) -> None:
    """Make so many services of the default type on new shelves, worded as long as real ones."""
    shelves = Category.objects.bulk_create(
        [
            Category(name=f"Instagram followers and likes {number}", sort=number)
            for number in range(CATEGORIES)
        ]
    )
    Service.objects.bulk_create(
        Service(
            category=shelves[number % CATEGORIES],
            name=f"Instagram followers, real and active, 30 days refill, server {number}",
            description="Starts within an hour, 5,000 a day. Keep the page public until the order is done.",
            price=PRICE,
            min=10,
            max=1_000_000,
            refill=number % 2 == 0,
        )
        for number in range(count)
    )


def fill_orders(
    cursor,
    count: int,
    status: str = "completed",
    forwarding: str = "accepted",
    buyers: int = CUSTOMERS,
    apart: float = 0,
) -> None:
    """Add so many orders, spread over the first `buyers` wallets, with transfers, handled events and keys, by SQL.

    They were placed `apart` seconds after each other, the last one now; keys are those of the last day, as they are
    forgotten then. `cursor` may be Django's or psycopg's.
    """
    charge = PRICE * QUANTITY // 1_000
    statement = _FILL.format(quantity=QUANTITY, charge=charge, sales=house_id(Account.Kind.SALES))
    for done in range(0, count, ROWS_AT_A_TIME):
        rows = min(ROWS_AT_A_TIME, count - done)
        values = {"count": rows, "status": status, "forwarding": forwarding, "buyers": buyers}
        values |= {"apart": apart, "age": (count - done) * apart}
        cursor.execute(statement, values)


def seed_upstream(url: str) -> Provider:
    """Make a provider, played by the sandbox at `url`, to whom every order that is filled in goes."""
    address = f"{url}/standard/api/v2"
    provider = Provider.objects.create(
        name="Bench", url=address, key=SANDBOX_KEY, honours_idempotency_key=True
    )
    Route.objects.create(service=Service.objects.order_by("id")[0], provider=provider, upstream_service="1")
    return provider
