"""What a gateway of each kind writes, so that one contract test can play any of them."""

import json
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import parse_qsl

from sms.gateway import (
    AccountError,
    NotSent,
    PhonebookError,
    Refused,
    ReportError,
    ServerError,
    Unclear,
)
from sms.gateway.errors import SendingRefused, SendingUnclear
from tests.panel.lib.raw_server import http_answer

TOKEN = "topsecret/key+0123="
TOKEN_IN_A_PATH = "topsecret%2Fkey%2B0123%3D"
NAMES = ("token", "token2", "token3", "token10", "token20")


def as_json(value):
    """The body of a JSON answer."""
    return json.dumps(value).encode()


@dataclass(frozen=True)
class RestWire:
    """The gateway of contracts/sms-gateway-rest.txt: one id for all numbers of a call."""

    kind = "rest"
    foreign_number = "+447700900123"
    codes = {
        **dict.fromkeys((1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 17), AccountError),
        **dict.fromkeys((21, 22, 23, 24, 25, 26, 28, 29), SendingRefused),
        27: SendingUnclear,
        **dict.fromkeys((30, 31, 32), ReportError),
        **dict.fromkeys((40, 41, 42, 43), PhonebookError),
        **dict.fromkeys((1000, 2000), ServerError),
        99: Unclear,
    }
    state_numbers = (0, 1, 2, 3, 4, 5, 6, 14, 77)
    states = (0, 1, 2, 3, 4, 5, 6, 14, None)
    costs = (None, None)
    credit_answer = as_json({"status": 200, "result": {"status": 0, "value": "1200.5"}})
    echoing = as_json({"status": 400, "message": f"bad {TOKEN}"})
    broken = tuple(
        as_json(content)
        for content in (
            {"status": 200},
            {"status": 200, "result": None},
            {"status": 200, "result": "sent"},
            {"status": 200, "result": {}},
            {"status": 200, "result": {"status": 0}},
            {"status": 200, "result": {"status": 0, "id": 0}},
            {"status": 200, "result": []},
            {"result": {"status": 0, "id": 5}},
        )
    )

    @staticmethod
    def code(number):
        return http_answer(as_json({"status": 200, "result": {"status": number, "id": 0}}))

    @staticmethod
    def same(_numbers, ids):
        return as_json({"status": 200, "result": {"status": 0, "id": int(ids[0])}})

    @staticmethod
    def each(_numbers, ids):
        rows = [{"status": 0 if each else 22, "id": int(each)} for each in ids]
        return as_json({"status": 200, "result": rows})

    @staticmethod
    def list_taken(ids):
        return [ids[0]] * len(ids)

    @staticmethod
    def told_states(_ids, numbers):
        return as_json({"status": 200, "result": {"status": 0, "result": list(numbers)}})

    @staticmethod
    def read_same(request):
        """What a request to send the same says: path, sender, numbers, text, whether it is flash."""
        content = json.loads(request.body)
        return (
            request.target,
            content["from"],
            content["recipients"],
            content["message"],
            content["type"] == 1,
        )

    @staticmethod
    def read_each(request):
        content = json.loads(request.body)
        numbers = [number for [number] in content["recipients"]]
        flashes = [kind == 1 for kind in content["typeArray"]]
        return request.target, content["fromArray"], numbers, content["messageArray"], flashes

    @staticmethod
    def read_pattern(request):
        content = json.loads(request.body)
        return request.target, content["recipients"], str(content["patternId"]), content["message"]

    paths = ("/sms/send", "/sms/multiple-send", "/sms/pattern-send")
    written_foreign = "+447700900123"


@dataclass(frozen=True)
class KavenegarWire:
    """Kavenegar: an id, a cost and a state for each number, the key in the path."""

    kind = "kavenegar"
    foreign_number = "+447700900123"
    codes = {
        **dict.fromkeys((400, 404, 405, 406), Refused),
        **dict.fromkeys((401, 403, 407, 416, 426, 427, 501), AccountError),
        **dict.fromkeys(
            (411, 412, 413, 414, 417, 418, 419, 420, 422, 424, 428, 431, 432, 607), SendingRefused
        ),
        402: SendingUnclear,
        409: ServerError,
        415: ReportError,
        **dict.fromkeys((429, 451), NotSent),
        499: Unclear,
    }
    state_numbers = (1, 2, 4, 5, 6, 10, 11, 13, 14, 100, 77)
    states = (0, 0, 1, 1, 2, 4, 5, 2, 6, 14, None)
    costs = ("12", "24.5")
    credit_answer = as_json(
        {
            "return": {"status": 200, "message": "تایید شد"},
            "entries": {"remaincredit": 12005, "expiredate": 1735689600, "type": "master"},
        }
    )
    echoing = as_json({"return": {"status": 499, "message": f"bad {TOKEN} {TOKEN_IN_A_PATH}"}})
    broken = tuple(
        as_json(content)
        for content in (
            {"return": {"status": 200}},
            {"return": {"status": 200}, "entries": None},
            {"return": {"status": 200}, "entries": "sent"},
            {"return": {"status": 200}, "entries": []},
            {"return": {"status": 200}, "entries": [5]},
            {"return": {"status": 200}, "entries": {}},
            {"return": {"status": 200}, "entries": [{"messageid": 5}]},
            {"return": 200, "entries": [{"messageid": 5, "receptor": "09120000001"}]},
            {"entries": [{"messageid": 5, "receptor": "09120000001"}]},
        )
    )

    @staticmethod
    def code(number):
        """A refusal goes out under its own number as the HTTP status."""
        content = {"return": {"status": number, "message": "خطا"}, "entries": None}
        return http_answer(as_json(content), f"{number} X")

    @staticmethod
    def same(numbers, ids):
        """Entries as the documentation shows them; the second costs twice and a half toman."""
        rows = [
            {
                "messageid": int(each),
                "message": "…",
                "status": 1,
                "statustext": "در صف ارسال",
                "sender": "3000",
                "receptor": number.replace("+98", "0"),
                "date": 1356619709,
                "cost": cost,
            }
            for number, each, cost in zip(numbers, ids, cycle((120, 245)), strict=False)
        ]
        return as_json({"return": {"status": 200, "message": "تایید شد"}, "entries": rows})

    each = same

    @staticmethod
    def list_taken(ids):
        return list(ids)

    @staticmethod
    def told_states(ids, numbers):
        rows = [
            {"messageid": int(each), "status": number, "statustext": "…"}
            for each, number in zip(ids, numbers, strict=True)
        ]
        return as_json({"return": {"status": 200}, "entries": rows[::-1]})

    @staticmethod
    def read_same(request):
        form = dict(parse_qsl(request.body.decode()))
        return (
            request.target,
            form["sender"],
            form["receptor"].split(","),
            form["message"],
            form["type"] == "0",
        )

    @staticmethod
    def read_each(request):
        form = {name: json.loads(value) for name, value in parse_qsl(request.body.decode())}
        flashes = [kind == 0 for kind in form["type"]]
        return request.target, form["sender"], form["receptor"], form["message"], flashes

    @staticmethod
    def read_pattern(request):
        form = dict(parse_qsl(request.body.decode()))
        values = {name: form[name] for name in NAMES if name in form}
        return request.target, [form["receptor"]], form["template"], values

    paths = tuple(
        f"/v1/{TOKEN_IN_A_PATH}/{method}.json" for method in ("sms/send", "sms/sendarray", "verify/lookup")
    )
    written_foreign = "00447700900123"


WIRES = {wire.kind: wire for wire in (RestWire(), KavenegarWire())}
