"""Planted migrations: each rule is broken once, and the way out that it names passes."""

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import Value
from django.db.models.functions import Now

from panel.migration_lint import RULES, check_migration, find_released_tables, read_steps

ORDER = "orders.order"
noop = migrations.RunSQL.noop
CASES = [
    ("drop-column", [migrations.RemoveField("order", "reason")]),
    ("drop-table", [migrations.DeleteModel("FavouriteService")]),
    ("rename", [migrations.RenameField("order", "reason", "why")]),
    ("rename", [migrations.RenameModel("FavouriteService", "Favourite")]),
    ("not-null", [migrations.AddField("order", "note", models.CharField(max_length=9, default=""))]),
    ("set-not-null", [migrations.RunSQL("ALTER TABLE orders_order ALTER COLUMN cost SET NOT NULL", noop)]),
    ("set-not-null", [migrations.AlterField("order", "next_try_at", models.DateTimeField(db_default=Now()))]),
    ("drop-default", [migrations.RunSQL("ALTER TABLE orders_order ALTER COLUMN tries DROP DEFAULT", noop)]),
    ("type-change", [migrations.AlterField("order", "tries", models.BigIntegerField(db_default=0))]),
    ("type-change", [migrations.AlterField("order", "link", models.CharField(max_length=9))]),
    ("index", [migrations.AddIndex("order", models.Index(fields=["cost"], name="planted"))]),
    (
        "unique",
        [migrations.AddConstraint("order", models.UniqueConstraint(fields=["cost"], name="planted"))],
    ),
    (
        "unique",
        [migrations.AddField("order", "code", models.IntegerField(null=True, unique=True))],
    ),
    (
        "validates",
        [
            migrations.AddConstraint(
                "order", models.CheckConstraint(condition=models.Q(cost__gte=0), name="p")
            )
        ],
    ),
    ("transaction", [migrations.RunSQL("CREATE INDEX CONCURRENTLY p ON orders_order (cost)", noop)]),
    ("lock", [migrations.RunSQL("LOCK TABLE orders_order", noop)]),
    ("no-reverse", [migrations.RunPython(lambda apps, editor: None)]),
    ("no-reverse", [migrations.RunSQL("SELECT 1")]),
]
PASSING = {
    "a column with a database default": [
        migrations.AddField("order", "note", models.CharField(max_length=9, db_default="")),
        migrations.AddField("order", "seen", models.DateTimeField(null=True)),
    ],
    "a new table with all it wants": [
        migrations.CreateModel(
            "Planted",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("order", models.ForeignKey("orders.order", models.CASCADE)),
            ],
        ),
        migrations.AddIndex("planted", models.Index(fields=["order"], name="planted_order")),
    ],
    "a longer text": [
        migrations.AlterField("order", "reason", models.CharField(max_length=2000, db_default=""))
    ],
    "an index on a table that staff fill": [
        migrations.AddIndex("category", models.Index(fields=["name"], name="planted"))
    ],
    "a check that is validated later": [
        migrations.RunSQL("ALTER TABLE orders_order ADD CONSTRAINT p CHECK (cost >= 0) NOT VALID", noop)
    ],
    "data that can be taken back": [
        migrations.RunPython(lambda apps, editor: None, migrations.RunPython.noop)
    ],
}


def check(operations, atomic=True, **attributes):
    """The broken rules of a migration with these operations, on top of all that exist."""
    loader = MigrationLoader(None)
    planted = type(
        "Migration", (migrations.Migration,), {"operations": operations, "atomic": atomic, **attributes}
    )
    steps = read_steps(planted("planted", "orders"), loader.project_state(), connection)
    return [
        fault.rule
        for fault in check_migration(planted("planted", "orders"), steps, find_released_tables(loader), set())
    ]


@pytest.mark.parametrize(
    ("rule", "operations"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)]
)
def test_a_migration_that_breaks_a_rule_is_told(db, rule, operations):
    assert set(check(operations)) == {rule}


def test_every_rule_has_a_planted_migration():
    assert {rule for rule, _ in CASES} == set(RULES)


@pytest.mark.parametrize("name", PASSING)
def test_the_way_out_passes(db, name):
    assert check(PASSING[name]) == []


def test_an_index_made_beside_writers_passes_outside_a_transaction(transactional_db):
    index = models.Index(fields=["cost"], name="planted")
    assert check([AddIndexConcurrently("order", index)], atomic=False) == []


def test_a_default_of_another_column_does_not_hide_one_without(db):
    bad = models.CharField(max_length=9, default="")
    good = models.CharField(max_length=9, db_default=Value(""))
    operations = [migrations.AddField("order", "a", bad), migrations.AddField("order", "b", good)]
    assert check(operations) == ["not-null"]


def test_a_column_that_the_last_release_gave_up_may_be_dropped(db):
    drop = migrations.RunSQL("ALTER TABLE orders_order DROP COLUMN given_up", noop)
    assert check([drop]) == []


def test_what_a_migration_excuses_with_a_reason_passes_alone(db):
    operations = [migrations.RunSQL("LOCK TABLE orders_order"), migrations.RemoveField("order", "reason")]
    assert check(operations, old_code_survives={"drop-column": "nobody reads it"}) == ["no-reverse", "lock"]
