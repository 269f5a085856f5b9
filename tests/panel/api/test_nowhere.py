"""What is no path of any contract."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nowhere", "/api/v1/foo", "/api/v2/orders/create/", "/api/v3"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_path_of_no_contract_is_404_in_json(path, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})
