"""A scrape, as Prometheus makes it."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from panel.lib.measuring import write_added

TOKEN = "a-token-of-prometheus"


@pytest.fixture
def _written():
    """What the tests before observed is in Redis, and so forgotten when that is emptied."""
    write_added()


@pytest.fixture
def scrape(client, settings, _written, clean_redis):
    """A function that returns `{(sample's name, ((label, value), …)): number}`."""
    settings.METRICS_TOKEN = TOKEN

    def read():
        write_added()
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        families = text_string_to_metric_families(answer.content.decode())
        samples = (sample for family in families for sample in family.samples)
        return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}

    return read
