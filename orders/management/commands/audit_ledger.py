"""`manage.py audit_ledger`: prove every balance from the transfers and say where it can't be done."""

from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from orders.audit import ORDER_CHECKS
from panel.wallet.audit import WALLET_CHECKS, find_drifts, list_added_checks, open_snapshot
from panel.wallet.models import LedgerAudit


class Command(BaseCommand):
    """Check the whole book in one snapshot, which changes nothing; then keep when that was and how it came out."""

    help = "Prove every balance from the transfers; print each drift on a line and exit 1 if there is any."

    def handle(self, *args, **options):
        """Print a table of the checks, each followed by its drifts. Raises CommandError (exit 1) on drift."""
        checks = (*WALLET_CHECKS, *ORDER_CHECKS, *list_added_checks())
        began = monotonic()
        with open_snapshot():
            total = sum(self._run(check) for check in checks)
        LedgerAudit.objects.create(drifts=total, seconds=monotonic() - began)
        if total:
            raise CommandError(f"the ledger does not add up: {total} drifts")
        self.stdout.write(self.style.SUCCESS("the ledger adds up"))

    def _run(self, check):
        drifts = 0
        for drifts, line in enumerate(find_drifts(check), 1):  # noqa: B007 - the last number is the count
            self.stdout.write(f"  {line}")
        self.stdout.write(f"{check.name:<24} {drifts or 'ok':>8}")
        return drifts
