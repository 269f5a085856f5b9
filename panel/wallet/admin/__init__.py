"""The admin of wallets: the ledger, payments, and what is given on top of them."""

from panel.wallet.admin import (  # noqa: F401 - they register their pages
    coupons,
    customer_blocks,
    figures,
    ledger,
    payments,
)
