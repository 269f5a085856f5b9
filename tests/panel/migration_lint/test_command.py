"""The command, and the mark of a release."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from panel.migration_lint import lint_migrations, released


@pytest.fixture
def boundary(tmp_path, monkeypatch):
    """A mark of its own, at every migration but orders' last ones."""
    known = json.loads(released.BOUNDARY.read_text())
    path = tmp_path / "released.json"
    path.write_text(json.dumps(known | {"orders": "0008_service_speeds"}))
    monkeypatch.setattr(released, "BOUNDARY", path)
    return path


def test_the_migrations_of_this_tree_are_survived(transactional_db, capsys):
    call_command("lint_migrations")
    assert "no fault" in capsys.readouterr().out


def test_a_required_column_from_after_the_mark_is_found(transactional_db, monkeypatch):
    monkeypatch.setattr(released, "list_released_nodes", lambda _: [("orders", "0009_favourite_services")])
    faults = {(fault.migration, fault.rule) for fault in lint_migrations(MigrationLoader(None), connection)}
    assert ("orders.0010_plans_know_their_customer", "set-not-null") in faults
    with pytest.raises(CommandError):
        call_command("lint_migrations", verbosity=0)


def test_a_release_is_marked_at_the_newest_of_every_application(boundary, db, monkeypatch):
    monkeypatch.setattr("panel.management.commands.lint_migrations.lint_migrations", lambda *_: [])
    call_command("lint_migrations", "--release")
    loader = MigrationLoader(None)
    marked = json.loads(boundary.read_text())
    assert [tuple(node) for node in marked.items()] == sorted(
        node for node in loader.graph.leaf_nodes() if node[0] in released.list_own_apps()
    )
    assert released.find_new(loader) == []


def test_a_released_migration_that_was_renamed_is_told(boundary):
    boundary.write_text(json.dumps({"orders": "0099_gone"}))
    with pytest.raises(KeyError):
        released.list_released_nodes(MigrationLoader(None))
