"""Cafe Bazaar's developer API, version 2 (developers.cafebazaar.ir): validate, then consume.

Only `404 not_found` is a clear "no such purchase"; whatever else is no answer 200 is trouble, theirs or ours.
"""

import json
from urllib.parse import quote

from campaigns.stores.base import Bought, NotBought, Store, StoreUnclear
from panel.lib.http import MaybeSent, NotSent, excerpt
from panel.lib.http.reading import Unreadable, read_json

PAID, REFUNDED = 0, 1
CONSUMED, UNUSED = 0, 1


class BazaarStore(Store):
    """`url` is where the API's paths begin, `package` the app's name there, `secret` opens the API."""

    name = "bazaar"

    def __init__(self, url, package, secret, http, seconds):
        self._url = url.rstrip("/")
        self._package = quote(package, safe="")
        self._secret = secret
        self._http = http
        self._seconds = seconds

    def validate(self, sku, token):
        """`GET validate/{package}/inapp/{sku}/purchases/{token}/`."""
        path = f"validate/{self._package}/inapp/{quote(sku, safe='')}/purchases/{quote(token, safe='')}/"
        content = self._ask("GET", path, token)
        bought, used = content.get("purchaseState"), content.get("consumptionState")
        # True is no 1 here: only the document's whole numbers are believed.
        if type(bought) is not int or type(used) is not int or {bought, used} - {0, 1}:
            raise StoreUnclear("the answer tells no state")
        if bought == REFUNDED:
            raise NotBought("the purchase was refunded")
        return Bought(consumed=used == CONSUMED)

    def consume(self, token):
        """`POST consume/{package}/purchases/`."""
        self._ask("POST", f"consume/{self._package}/purchases/", token, {"token": token})

    def _ask(self, method, path, token, body=None):
        headers = {"Accept": "application/json", "CAFEBAZAAR-PISHKHAN-API-SECRET": self._secret}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = self._http.send(
                method,
                f"{self._url}/{path}",
                headers=headers,
                body=None if body is None else json.dumps(body).encode(),
                total_seconds=self._seconds,
            )
        except (NotSent, MaybeSent) as error:
            raise StoreUnclear(error.reason) from error
        content = _read_object(answer)
        if answer.status == 404 and content is not None and content.get("error") == "not_found":
            raise NotBought("the store knows no such purchase")
        # Using up is answered with the status alone; a page is no answer of the store.
        if answer.status != 200 or (content is None and (method == "GET" or answer.body.strip())):
            error = (content or {}).get("error")
            told = excerpt(error, (self._secret, token), 64) if isinstance(error, str) else ""
            raise StoreUnclear(f"HTTP {answer.status} {told}".strip())
        return content or {}


def _read_object(answer):
    try:
        content = read_json(answer.body)
    except Unreadable:
        return None
    return content if isinstance(content, dict) else None
