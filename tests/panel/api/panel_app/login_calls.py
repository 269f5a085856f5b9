"""Calls of login and profile through Django's test client, and the codes that would be on the phone."""

from django.test import Client

from panel.accounts.login_tokens import open_login
from sms.models import Message

ROOT = "/api/v1/"
BAD_TOKEN = "توکن اشتباه یا منقضی شده است"
client = Client(raise_request_exception=False)


def call(method, path, body=None, token="", address="192.0.2.7"):
    """`(HTTP status, JSON)` of one call with a JSON body."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    more = {"data": body or {}, "content_type": "application/json"} if method == "POST" else {}
    answer = getattr(client, method.lower())(ROOT + path, headers=headers, REMOTE_ADDR=address, **more)
    assert answer.headers["Content-Type"] == "application/json", answer.content
    return answer.status_code, answer.json()


def ask(username, address="192.0.2.7"):
    """The answer to an ask for a code, which has HTTP status 200."""
    status, told = call("POST", "login", {"username": username}, address=address)
    assert status == 200
    return told


def verify(username, code, token="", **more):
    """The answer to a code typed in, which has HTTP status 200."""
    status, told = call("POST", "login/verify", {"username": username, "code": code} | more, token)
    assert status == 200
    return told


def read_phone(mobile):
    """The newest code sent to the mobile (E.164), as it waits in the outbox."""
    return Message.objects.filter(to=mobile).latest("pk").text[-6:]


def log_in(customer):
    """A login token of the customer's, as the text that its holder sends."""
    return open_login(customer).token
