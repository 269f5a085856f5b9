"""Zarinpal's payment gateway, version 4 (zarinpal.com/docs/paymentGateway). It counts in rial, we in toman.

A verified payment is answered with code 100 the first time and with 101 from then on. A payment that is not
verified within Zarinpal's time goes back to the customer's card.
"""

import json
import re
from dataclasses import dataclass

from panel.lib.http import MaybeSent, NotSent, excerpt
from panel.lib.http.reading import Unreadable, read_identifier, read_json, read_text, read_whole
from panel.lib.mobile import national_mobile
from panel.wallet.gateways.base import (
    AmountMismatch,
    Begun,
    Gateway,
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnclear,
    NotPaid,
    Paid,
    mask_card,
)

RIAL_PER_TOMAN = 10
DESCRIPTION_LIMIT = 500
REASON_LIMIT = 200
BEGUN_CODE, PAID_CODES = 100, (100, 101)
INVALID, TOO_MANY, OTHER_AMOUNT, UNPAID, UNEXPECTED, ARCHIVED, UNKNOWN = -9, -12, -50, -51, -52, -54, -55
WORDS = {
    INVALID: "the request is not valid",
    -10: "the merchant or our address is not known to the bank",
    -11: "the merchant is not active",
    TOO_MANY: "too many calls",
    -13: "the merchant's limit is reached",
    -14: "the callback's domain is not the merchant's",
    -15: "the merchant is suspended",
    -16: "the merchant's level is too low",
    -17: "the merchant's level is too low",
    -18: "the site is not the merchant's",
    OTHER_AMOUNT: "the bank has another amount",
    UNPAID: "not paid",
    UNEXPECTED: "unexpected trouble at the bank",
    -53: "the payment is another merchant's",
    ARCHIVED: "the payment is over or was never begun",
    UNKNOWN: "the payment is not found",
}
_AUTHORITY = re.compile(r"[A-Za-z0-9]{8,64}")
_IRANIAN_MOBILE = re.compile(r"09[0-9]{9}")


@dataclass(frozen=True, slots=True)
class _Reply:
    """A readable answer: `data` of a success, or `reason` of a failure, which has a code below 0."""

    code: int
    data: dict
    reason: str


class ZarinpalGateway(Gateway):
    """One merchant. `url` is where the API's paths begin, `http` an HttpClient, `seconds` bound each call."""

    name = "zarinpal"

    def __init__(self, merchant_id, url, http, seconds):
        self._merchant_id = merchant_id
        self._url = url.rstrip("/")
        self._http = http
        self._seconds = seconds

    def begin(self, payment_id, amount, callback_url, description, mobile="", email=""):
        """`POST pg/v4/payment/request.json`."""
        metadata = {"order_id": str(payment_id), "mobile": _write_mobile(mobile), "email": email}
        fields = {
            "callback_url": callback_url,
            "description": description[:DESCRIPTION_LIMIT],
            "metadata": {name: text for name, text in metadata.items() if text},
        }
        reply = self._ask("request", amount, fields, secrets=(mobile, metadata["mobile"], email))
        if reply.code in (TOO_MANY, UNEXPECTED):
            kind = GatewayUnavailable if reply.code == TOO_MANY else GatewayUnclear
            raise kind(reply.reason, reply.code)
        if reply.code < 0:
            raise GatewayRefused(reply.reason, reply.code)
        authority = reply.data.get("authority")
        known = isinstance(authority, str) and _AUTHORITY.fullmatch(authority)
        if reply.code != BEGUN_CODE or not known:
            raise GatewayUnclear("the answer names no authority", reply.code)
        return Begun(authority, self.build_page_url(authority))

    def build_page_url(self, authority):
        """`pg/StartPay/{authority}`."""
        return f"{self._url}/pg/StartPay/{authority}"

    def verify(self, authority, amount):
        """`POST pg/v4/payment/verify.json`. A merchant that is refused here leaves the payment open."""
        reply = self._ask("verify", amount, {"authority": authority}, secrets=(authority,))
        if reply.code not in PAID_CODES:
            raise _name_unpaid(reply)
        reference = read_identifier(reply.data.get("ref_id"))
        if reference is None:
            raise GatewayUnclear("paid, but the answer has no reference", reply.code)
        return Paid(reference, None, mask_card(reply.data.get("card_pan")))

    def _ask(self, operation, amount, fields, secrets):
        """The _Reply to one call. Raises GatewayUnavailable or GatewayUnclear."""
        body = {
            "merchant_id": self._merchant_id,
            "amount": amount * RIAL_PER_TOMAN,
            "currency": "IRR",
            **fields,
        }
        try:
            answer = self._http.send(
                "POST",
                f"{self._url}/pg/v4/payment/{operation}.json",
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                body=json.dumps(body).encode(),
                total_seconds=self._seconds,
            )
        except NotSent as error:
            raise GatewayUnavailable(error.reason) from error
        except MaybeSent as error:
            raise GatewayUnclear(error.reason) from error
        return _read_reply(answer, (self._merchant_id, *secrets))


def _read_reply(answer, secrets):
    """The _Reply in an answer. Raises GatewayUnavailable for 429, GatewayUnclear for what is no reply."""
    if answer.status == 429:
        raise GatewayUnavailable("too many calls (HTTP 429)")
    unclear = GatewayUnclear(f"the answer can't be understood (HTTP {answer.status})")
    try:
        content = read_json(answer.body)
    except Unreadable:
        raise unclear from None
    if not isinstance(content, dict) or 300 <= answer.status < 400 or answer.status >= 500:
        raise unclear
    data, errors = content.get("data") or None, content.get("errors") or None
    if isinstance(errors, list) and len(errors) == 1:
        [errors] = errors
    told = errors if data is None else data
    code = read_whole(told.get("code")) if isinstance(told, dict) else None
    succeeded = data is not None and answer.status < 300
    if code is None or (data is not None and errors is not None) or (code >= 0) != succeeded:
        raise unclear
    return _Reply(code, data, "") if succeeded else _Reply(code, {}, _write_reason(code, errors, secrets))


def _write_reason(code, errors, secrets):
    """Words for a code; the bank's own where they tell more, without secrets."""
    told = json.dumps(errors.get("validations"), ensure_ascii=False, default=str) if code == INVALID else ""
    if code not in WORDS:
        told = read_text(errors.get("message"), REASON_LIMIT * 2)
    words = WORDS.get(code, "refused by the bank")
    told = excerpt(told, secrets, REASON_LIMIT) if told not in ("", "null", "[]") else ""
    return f"{words} ({code}){f': {told}' if told else ''}"


def _name_unpaid(reply):
    """The exception that a reply to `verify` without payment is."""
    if reply.code == OTHER_AMOUNT:
        return AmountMismatch(reply.reason, reply.code)
    if reply.code in (UNPAID, ARCHIVED, UNKNOWN):
        return NotPaid(reply.reason, reply.code, final=reply.code == ARCHIVED)
    if reply.code == TOO_MANY:
        return GatewayUnavailable(reply.reason, reply.code)
    return GatewayUnclear(reply.reason or f"a code in no table ({reply.code})", reply.code)


def _write_mobile(mobile):
    """An Iranian number as Zarinpal takes it, `09123456789`; "" for any other, which it would refuse."""
    national = national_mobile(mobile)
    return national if _IRANIAN_MOBILE.fullmatch(national) else ""
