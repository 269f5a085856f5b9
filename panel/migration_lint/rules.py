"""What a statement may not do while the code of the last release runs, or while customers wait for a lock."""

import re
from dataclasses import dataclass

# Tables that staff fill by hand: at most some thousand rows, so reading one under a lock takes milliseconds.
SMALL_TABLES = frozenset(
    {
        "accounts_secondfactor",
        "campaigns_bundle",
        "campaigns_campaignclass",
        "campaigns_product",
        "orders_blockedterm",
        "orders_catalogueversion",
        "orders_category",
        "providers_importrule",
        "providers_provider",
        "providers_providersync",
        "rewards_gift",
        "rewards_pricelevel",
        "rewards_rewardrules",
        "sms_gateway",
        "sms_package",
        "sms_senderline",
        "sms_template",
        "support_announcement",
        "support_cannedanswer",
        "support_sitetext",
        "wallet_bonusstep",
        "wallet_coupon",
    }
)
RULES = {
    "drop-column": "the last release still reads it: take it out of the models first (SeparateDatabaseAndState), "
    "drop it after a release without it",
    "drop-table": "the last release still reads it: drop it after a release without its model",
    "rename": "the last release knows the old name: add the new one, fill both, drop the old one a release later",
    "not-null": "the last release writes rows without it: give it a db_default, or allow NULL",
    "set-not-null": "the last release may write NULL, and every row is read under a lock: add a CHECK NOT VALID, "
    "validate it, and set NOT NULL a release later",
    "drop-default": "the last release relies on the database's default: drop it a release later",
    "type-change": "the table is written anew under a lock: add a column and move over",
    "index": "nobody can write meanwhile: AddIndexConcurrently in a migration with atomic = False",
    "unique": "nobody can write meanwhile: CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT USING INDEX",
    "validates": "every row is read under a lock: add it NOT VALID and validate it in a migration of its own",
    "transaction": "CONCURRENTLY works outside transactions alone: atomic = False",
    "lock": "it keeps everybody out of the table until it is done",
    "no-reverse": "it can't be taken back: give it a reverse, if only noop",
}
ALTER = re.compile(r"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(?P<table>\w+) (?P<what>.*)", re.I)
INDEX = re.compile(
    r"CREATE (?P<unique>UNIQUE )?INDEX (?P<concurrently>CONCURRENTLY )?(?:IF NOT EXISTS )?\w* ?"
    r"ON (?:ONLY )?(?P<table>\w+)",
    re.I,
)
LOCKS = re.compile(r"(LOCK TABLE|VACUUM FULL|CLUSTER|TRUNCATE|REINDEX (?!.*CONCURRENTLY))\b", re.I)
BRIEF = re.compile(r"varchar(?:\((\d+)\))?$")


@dataclass(frozen=True)
class Fault:
    """A rule that a migration breaks, with the statement (or operation) that does."""

    migration: str
    rule: str
    what: str

    def __str__(self):
        return f"{self.migration}: {self.rule}: {self.what[:120]}\n    {RULES[self.rule]}"


def check_migration(migration, steps, released, fresh):
    """The faults of a migration; tables that it creates are added to `fresh`: the last release knows none of them.

    What `old_code_survives = {rule: reason}` of the migration's class gives a reason for is let pass.
    """
    excused = getattr(migration, "old_code_survives", {})
    name = f"{migration.app_label}.{migration.name}"
    found = [
        Fault(name, rule, what)
        for step in steps
        for rule, what in _check_step(step, steps, migration.atomic, released, fresh)
    ]
    return [fault for fault in found if not excused.get(fault.rule)]


def _check_step(step, steps, atomic, released, fresh):
    if not step.reversible:
        yield "no-reverse", step.name
    for statement in step.statements:
        created = re.match(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", statement, re.I)
        if created:
            fresh.add(created[1])
        elif "CONCURRENTLY" in statement.upper() and atomic:
            yield "transaction", statement
        else:
            for rule in _check_statement(statement, step, steps, released, fresh):
                yield rule, statement


def _check_statement(statement, step, steps, released, fresh):
    if LOCKS.match(statement):
        yield "lock"
    dropped = re.match(r"DROP TABLE (?:IF EXISTS )?(\w+)", statement, re.I)
    if dropped and dropped[1] in released:
        yield "drop-table"
    index = INDEX.match(statement)
    if index and not index["concurrently"] and index["table"] not in SMALL_TABLES | fresh:
        yield "unique" if index["unique"] else "index"
    alter = ALTER.match(statement)
    if alter and alter["table"] not in fresh:
        yield from _check_alter(alter["table"], alter["what"], step, steps, released)


def _check_alter(table, what, step, steps, released):
    for part in re.split(r", (?=(?:ADD|DROP|ALTER|RENAME|VALIDATE)\b)", what, flags=re.I):
        added = re.match(r"ADD COLUMN (?:IF NOT EXISTS )?(\w+) (.*)", part, re.I)
        if added and _needs_value(table, added[1], added[2], steps):
            yield "not-null"
        if added and re.search(r"\bUNIQUE\b", added[2], re.I) and table not in SMALL_TABLES:
            yield "unique"
        dropped = re.match(r"DROP COLUMN (?:IF EXISTS )?(\w+)", part, re.I)
        if dropped and dropped[1] in released.get(table, ()):
            yield "drop-column"
        if re.match(r"RENAME\b", part, re.I) and not re.match(r"RENAME CONSTRAINT", part, re.I):
            yield "rename"
        yield from _check_column(table, part, step, released)
        yield from _check_constraint(table, part)


def _needs_value(table, column, definition, steps):
    """Whether rows written without the new column are refused; a default may be dropped again right away."""
    if not re.search(r"(?<!IS )\bNOT NULL\b", definition, re.I) or "GENERATED" in definition.upper():
        return False
    if not re.search(r"\bDEFAULT\b(?! NULL)", definition, re.I):
        return True
    drop = re.compile(rf"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT", re.I)
    return any(drop.match(statement) for step in steps for statement in step.statements)


def _check_column(table, part, step, released):
    changed = re.match(r"ALTER COLUMN (\w+) (.*)", part, re.I)
    if not changed:
        return
    column, how = changed.groups()
    if re.match(r"SET NOT NULL", how, re.I):
        yield "set-not-null"
    if re.match(r"DROP DEFAULT", how, re.I) and column in released.get(table, ()):
        yield "drop-default"
    typed = re.match(r"(?:SET DATA )?TYPE (\S+)", how, re.I)
    if typed and table not in SMALL_TABLES and not _is_wider(step.types.get(table, {}).get(column), typed[1]):
        yield "type-change"


def _is_wider(old, new):
    """Whether the change leaves every stored row as it is: a longer varchar, or text."""
    before, after = BRIEF.match(old or ""), BRIEF.match(new)
    if new == "text":
        return bool(before) or old == "text"
    return bool(before and after) and (not after[1] or bool(before[1]) and int(before[1]) <= int(after[1]))


def _check_constraint(table, part):
    added = re.match(r"ADD CONSTRAINT \w+ (.*)", part, re.I)
    if not added or table in SMALL_TABLES or re.search(r"USING INDEX", part, re.I):
        return
    if re.match(r"(UNIQUE|PRIMARY KEY|EXCLUDE)\b", added[1], re.I):
        yield "unique"
    elif not re.search(r"NOT VALID$", part, re.I):
        yield "validates"
