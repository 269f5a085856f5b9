"""The admin of wallets: the ledger, payments, and what is given on top of them."""

from panel.wallet.admin import coupons, ledger, payments  # noqa: F401 - registers their pages
