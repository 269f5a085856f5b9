"""The dashboard and the alerts speak of metrics that there are."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from orders.days import measure_orders
from panel.lib.measures import FORWARDING_DELAY, MEASURES
from panel.wallet.days import measure_money
from tests.factories import make_provider

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
pytestmark = pytest.mark.django_db(transaction=True)


def list_dashboard():
    dashboard = json.loads((DEPLOY / "grafana" / "panel.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def list_alerts():
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


@pytest.fixture
def told(scrape, settings, capsys):
    """A scrape of a panel in which everything has happened once."""
    settings.BACKUP_STAMP = "/nowhere"
    make_provider("http://127.0.0.1:1", balance=3)
    measure_orders()
    measure_money()
    call_command("audit_ledger")
    for measure in MEASURES:
        values = ["1"] * len(measure.labels)
        measure.observe(1, *values) if measure.bounds else measure.count(*values)
    assert FORWARDING_DELAY.bounds
    return scrape()


@pytest.mark.parametrize("read", [list_dashboard, list_alerts])
def test_every_metric_that_is_named_exists(told, read):
    named = set(re.findall(r"\bpanel_[a-z_]+", " ".join(read())))
    assert (len(named) > 8, named - {name for name, _ in told}) == (True, set())


@pytest.mark.parametrize("read", [list_dashboard, list_alerts])
def test_every_queue_and_state_that_is_named_exists(told, read):
    known = {value for _, labels in told for name, value in labels if name in ("queue", "state", "part")}
    named = re.findall(r'(?:queue|state|part)(?:=|!=|=~|!~)"([^"]+)"', " ".join(read()))
    assert {word for words in named for word in words.split("|")} - known == set()


def test_the_dashboard_reads_from_the_chosen_source_and_no_panel_lies_on_another():
    dashboard = json.loads((DEPLOY / "grafana" / "panel.json").read_text())
    (variable,) = dashboard["templating"]["list"]
    assert (variable["name"], variable["type"], variable["query"]) == (
        "datasource",
        "datasource",
        "prometheus",
    )
    assert {panel["datasource"]["uid"] for panel in dashboard["panels"]} == {"${datasource}"}
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in dashboard["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
