"""The admin pages of webhooks: everything can be seen but secrets, and nothing changed."""

import pytest

from orders.models import (
    CatalogueAnnouncement,
    CatalogueChange,
    ServiceEvent,
    WebhookDelivery,
    WebhookEndpoint,
)
from tests.factories import make_customer, make_service
from tests.orders.webhooks.steps import queue, register
from tests.panel.admin_visits import found_ids, page_of, read, superuser  # noqa: F401 - a fixture among them


@pytest.fixture
def rows(endpoint):
    """One row of each model."""
    event = ServiceEvent.objects.create(service=make_service(), kind="paused")
    change = CatalogueChange.objects.create(event=event)
    return [endpoint, queue(endpoint), CatalogueAnnouncement.objects.create(changes=[1]), change]


def test_every_page_loads_without_a_secret_and_offers_no_change(superuser, endpoint, rows):  # noqa: F811
    for row in rows:
        pages = [page_of(type(row)), page_of(type(row), "change", row.pk)]
        shown = [read(superuser, path) for path in pages]
        assert [endpoint.secret in text for text in shown] == [False, False]
        assert 'name="_save"' not in shown[1]
        assert superuser.get(page_of(type(row), "delete", row.pk)).status_code == 403


def test_a_customer_s_rows_are_found_by_the_mobile(superuser, customer, endpoint, receiver):  # noqa: F811
    other = register(make_customer(), receiver)
    own = queue(endpoint)
    queue(other)
    assert found_ids(superuser, WebhookEndpoint, q=customer.mobile) == [endpoint.pk]
    assert found_ids(superuser, WebhookDelivery, q=customer.mobile) == [own.pk]
    assert found_ids(superuser, WebhookDelivery, q=str(endpoint.pk)) == [own.pk]
