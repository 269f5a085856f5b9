"""What all attacks start from."""

import ast
from collections import Counter

import pytest
from django.db import connection

from tests.attack.possessions import fill, make_victim, open_house
from tests.panel.dashboard.conftest import _quick_passwords as _quick_passwords  # hashing is slow on purpose
from tests.running import ROOT

# Ids that stand for nothing else on a page, so that they can be taken out of it; undone with the test.
RAISE_IDS = """
DO $$ DECLARE one record; first int := 700000001; BEGIN
FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() LOOP
  EXECUTE format('ALTER SEQUENCE %I RESTART WITH %s', one.sequencename, first);
  first := first + 1000000;
END LOOP; END $$
"""


@pytest.fixture
def theirs(db):
    """`{slot: id}` of all that a customer has whose every text holds MARK, and of what is everybody's."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE_IDS)
    house = open_house()
    words = {
        "announcement_id": 1,
        "code": "abc",
        "slug": "none",
        "digest": "0" * 64,
        "year": 2026,
        "month": 1,
    }
    return words | house | fill(make_victim(), house)


def pytest_terminal_summary(terminalreporter):
    """The attack run's table (`make attack`): what was attacked, in how many ways, and where something gave in."""
    outcomes = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, ()):
            file = report.nodeid.split("::")[0]
            if file.startswith("tests/attack/"):  # others may have run beside them
                outcomes.setdefault(file, Counter())[outcome] += 1
    terminalreporter.section("attacks")
    terminalreporter.line("held  gave in  skipped")
    for file, counts in sorted(outcomes.items()):
        words = ast.get_docstring(ast.parse((ROOT / file).read_text())).splitlines()[0]
        broken = counts["failed"] + counts["error"]
        terminalreporter.line(f"{counts['passed']:4}  {broken:7}  {counts['skipped']:7}  {words}")
