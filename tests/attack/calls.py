"""Every call of every contract, as its own document describes it, with whatever secret it is sent."""

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.test import Client
from django.utils.translation import override

from panel.accounts.login_tokens import open_login
from panel.accounts.models import ApiToken
from panel.accounts.sessions import open_session
from panel.api.docs.calls import list_calls
from panel.api.docs.contracts import CONTRACTS
from panel.api.docs.documents import INSTAGRAM_TOKEN, KEY, PURCHASE_TOKEN, REFRESH_TOKEN, TOKEN
from panel.api.docs.gray_city_openapi import TRACKING_ID
from panel.lib.secrets import digest_token
from panel.lib.tracking import make_tracking_id
from tests.factories import make_key

client = Client(raise_request_exception=False)
Contract = ApiToken.Contract
ADDRESS = "127.0.0.1"
# Calls of browsers, which are pages (tests/attack/test_pages_of_others.py), and the bank's.
PAGES = {"login_start", "login_callback", "login_session"}


@dataclass(frozen=True, slots=True)
class Secrets:
    """What stands for the placeholders of the examples."""

    key: str
    token: str = ""
    refresh_token: str = ""

    def put_into(self, text):
        """The text with the secrets in it, and with what else readers fill in."""
        for placeholder, secret in (
            (REFRESH_TOKEN, self.refresh_token),
            (TOKEN, self.token),
            (KEY, self.key),
            (INSTAGRAM_TOKEN, "like-token"),
            (PURCHASE_TOKEN, "good-purchase"),
            (TRACKING_ID, make_tracking_id(23501)),
        ):
            text = text.replace(placeholder, secret)
        return text


@dataclass(frozen=True, slots=True)
class Sample:
    """One example of a call: the document it is from, its name, its path with slots, and what it sends."""

    slug: str
    call: str
    title: str
    method: str
    route: str
    path: dict
    query: list
    headers: dict
    form: dict | None
    json: object

    @property
    def is_open(self):
        """Whether it is for everybody, without any secret."""
        return KEY not in (text := json.dumps([self.headers, self.query, self.form, self.json])) and (
            TOKEN not in text
        )

    def send(self, secrets, values=None, through=client, extra=None, **headers):
        """Django's answer. `values` take the place of the example's by name, wherever they stand.

        `extra` are fields beside them, in whatever the call sends.
        """
        values, extra = values or {}, extra or {}
        path = self.route
        for name, example in self.path.items():
            path = path.replace(f"{{{name}}}", quote(str(values.get(name, example)), errors="replace"))
        query = [(name, str(values.get(name, example))) for name, example in self.query]
        query += [*extra.items()] if self.form is None and self.json is None else []
        sent = {"path": secrets.put_into(path + (f"?{urlencode(query)}" if query else ""))}
        if self.form is not None:
            form = extra | {name: values.get(name, example) for name, example in self.form.items()}
            sent["data"] = secrets.put_into(urlencode(form))
            sent["content_type"] = "application/x-www-form-urlencoded"
        elif self.json is not None:
            sent["data"] = secrets.put_into(json.dumps(_replace(_widen(self.json, extra), values)))
            sent["content_type"] = "application/json"
        given = {name: secrets.put_into(text) for name, text in (self.headers | headers).items()}
        return through.generic(self.method, headers=given, REMOTE_ADDR=ADDRESS, **sent)


def list_samples():
    """All examples of all documents, but for pages."""
    with override("en"):
        documents = {slug: one.build() for slug, one in CONTRACTS.items()}
        found = [(slug, call) for slug, document in documents.items() for call in list_calls(document)]
    return [
        _read(slug, call, title, request)
        for slug, call in found
        if call.name not in PAGES
        for title, request in call.samples
    ]


def name_fields(call):
    """The names of what the call takes beside headers."""
    return {field.name.rpartition(".")[2] for field in call.fields} - {"key", "action"}


def make_secrets(slug, customer, contract=None, **fields):
    """New secrets of the customer's for the document `slug`, or of another contract; `fields` are of the tokens."""
    contract = contract or CONTRACTS[slug].contract
    key = make_key(customer, contract)
    made = {"key": key, "token": key, "refresh_token": key}
    if contract == Contract.HAPPY_FOLLOWER:
        world = Contract.HAPPY_SANDBOX if slug.endswith("sandbox") else Contract.HAPPY_FOLLOWER
        session = open_session(digest_token(key), contract, world, ADDRESS)
        made |= {"token": session.token, "refresh_token": session.refresh_token}
    if contract == Contract.PANEL_APP:
        made["token"] = open_login(customer).token
    digests = [digest_token(text) for text in made.values()]
    ApiToken.objects.filter(digest__in=digests).update(**fields)
    return Secrets(**made)


def _read(slug, call, title, request):
    parts = urlsplit(request.url)
    pieces = zip(call.path.split("/"), parts.path.split("/"), strict=True)
    path = {slot[1:-1]: example for slot, example in pieces if slot.startswith("{")}
    headers = {name: text for name, text in request.headers.items() if name != "Content-Type"}
    query = parse_qsl(parts.query)
    return Sample(
        slug, call.name, title, call.method, call.path, path, query, headers, request.form, request.json
    )


def _widen(value, extra):
    """The JSON with `extra` in every object of it."""
    if isinstance(value, list):
        return [_widen(one, extra) for one in value]
    if not isinstance(value, dict):
        return value
    return extra | {name: _widen(inner, extra) for name, inner in value.items()}


def _replace(value, values):
    if isinstance(value, list):
        return [_replace(one, values) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: values[name] if name in values else _replace(inner, values) for name, inner in value.items()
    }
