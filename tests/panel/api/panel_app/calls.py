"""Calls of panel-app through Django's test client, and the order that tests place."""

import json

from django.test import Client

LINK = "https://instagram.com/p/abc"
client = Client(raise_request_exception=False)


def ask(path, key=None, body=None, **headers):
    """`(HTTP status, JSON)` of a GET below `/api/v1/`; a `body` goes with it as JSON."""
    return _call("GET", path, key, "" if body is None else json.dumps(body), headers)


def send(path, key, values, **headers):
    """`(HTTP status, JSON)` of a POST of the values as JSON."""
    return _call("POST", path, key, json.dumps(values), headers)


def _call(method, path, key, body, headers):
    headers |= {"Authorization": f"Bearer {key}"} if key else {}
    response = client.generic(method, f"/api/v1/{path}", body, "application/json", headers=headers)
    assert response.headers["Content-Type"] == "application/json", response.content
    return response.status_code, response.json()
