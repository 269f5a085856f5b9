"""What the source itself must show: one place changes balances, and money is counted in whole numbers."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("panel", "orders", "providers", "sms")
LEDGER = {"panel/wallet/ledger.py"}
PLACING = {"orders/placing_sql.py"}
# An upstream's money is in its own currency, with decimals; it moves no account of ours.
UPSTREAM_MONEY = {
    "providers.Provider.balance",
    "providers.Provider.low_balance",
    "providers.Dispatch.balance_before",
    "providers.Dispatch.balance_after",
}
MONEY = re.compile(r"(^|_)(amount|balance|charge|refunded|price|debits|credits|fee|total)($|_)")
SETS_BALANCE = re.compile(r"\bwallet_account\b[^;]*?\bSET\b[^;]*?\bbalance\s*=", re.IGNORECASE | re.DOTALL)
WRITES_ACCOUNTS = re.compile(r"(INSERT INTO|DELETE FROM|MERGE INTO)\s+\"?wallet_account", re.IGNORECASE)


def sources():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def sets_wallet_balance(node):
    """Whether the syntax node changes an account's balance through the ORM."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    touches = "Account.objects" in ast.unparse(node.func)
    named = any(keyword.arg == "balance" for keyword in node.keywords)
    return touches and named and node.func.attr in ("update", "update_or_create")


def test_only_the_ledger_changes_balances_through_the_orm():
    found = {
        name
        for name, text in sources()
        if any(sets_wallet_balance(node) for node in ast.walk(ast.parse(text)))
    }
    assert found == LEDGER


def test_only_the_placing_statements_change_balances_in_sql():
    assert {name for name, text in sources() if SETS_BALANCE.search(text)} == PLACING
    assert {name for name, text in sources() if WRITES_ACCOUNTS.search(text)} == set()


def test_a_balance_is_not_assigned_anywhere_but_on_a_provider():
    found = set()
    for name, text in sources():
        for node in ast.walk(ast.parse(text)):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            places = [t for target in targets if target is not None for t in ast.walk(target)]
            if any(isinstance(place, ast.Attribute) and place.attr == "balance" for place in places):
                found.add(name)
    assert {name for name in found if not name.startswith("providers/")} == set()


def test_transfers_are_only_inserted_by_the_ledger_and_the_placing_statements():
    inserts = re.compile(r"INSERT INTO wallet_transfer|Transfer\.objects\.(create|bulk_create|get_or_create)")
    makes = re.compile(r"\bTransfer\(\s*$", re.MULTILINE)
    found = {name for name, text in sources() if inserts.search(text) or makes.search(text)}
    assert found == LEDGER | PLACING


def test_every_money_field_is_a_whole_number():
    fields = {
        f"{model._meta.label}.{field.name}": field
        for label in ("wallet", "orders", "support", "accounts", "providers")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.concrete_fields
        if not field.is_relation
    }
    money = {name: f for name, f in fields.items() if MONEY.search(name.rpartition(".")[2])}
    assert {"wallet.Account.balance", "wallet.Transfer.amount", "orders.Order.charge"} <= money.keys()
    money = {n: f for n, f in money.items() if not isinstance(f, models.DateTimeField | models.CharField)}
    assert {name for name, f in money.items() if not isinstance(f, models.BigIntegerField)} == UPSTREAM_MONEY
    floats = {name for name, field in fields.items() if isinstance(field, models.FloatField)}
    assert floats == {"providers.RouteHealth.score", "wallet.LedgerAudit.seconds"}
