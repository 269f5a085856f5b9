"""The REST SMS gateway at `/sms/api/v1/rest`: its envelope, its credentials, and what it tells of an account.

| operation | file |
|---|---|
| `GET my/credit`, `GET my` | here |
| `POST user/register` | `sms_register.py` |
| `POST sms/send`, `sms/future-send`, `sms/pattern-send` | `sms_sending.py` |
| `POST sms/phonebook-send`, `sms/multiple-send` | `sms_sending.py` |
| `GET sms/latest`, `sms/status` | `sms_reports.py` |
| `GET my/phonebook`, `my/phonebook/{name}`; `POST phonebook`, `DELETE phonebook/{id}` | `sms_phonebooks.py` |
| `GET`, `POST`, `DELETE phonebook/{id}/number` | `sms_phonebooks.py` |

Credentials: header `token: sandbox-sms-token`, or `username: sandbox` and `password: sandbox`; `sms_accounts.py`
tells of accounts in other states. `sms_magic.py` tells the magic numbers and texts. A refusal of a whole
`sms/multiple-send` is an object with its code, as everywhere else.
"""

from collections.abc import Callable
from typing import Any

from providers.sandbox.faults import play_call
from providers.sandbox.messages import read_credit
from providers.sandbox.sms_accounts import TRIAL, Account, find_account
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, StatusRefusal, json_answer

REPORTS_ON_TRIAL = frozenset({"my", "my/credit"})
ACTIONS = (
    *("my/credit", "my", "user/register"),
    *("sms/send", "sms/future-send", "sms/pattern-send", "sms/phonebook-send", "sms/multiple-send"),
    *("sms/latest", "sms/status"),
    *("my/phonebook", "my/phonebook/{name}", "phonebook/create", "phonebook/delete"),
    *("number/list", "number/add", "number/delete"),
)
DETAILS = {
    "fullname": "کاربر آزمایشی",
    "company": "جعبهٔ شنی",
    "date": "2024-03-20 10:00:00",
    "fax": "02112345678",
    "mellicode": "0012345679",
    "shenasname": "1234",
    "addr": "تهران، خیابان آزمایش، پلاک ۱",
    "postcode": "1234567890",
}

Known = Callable[[State, Request, Account], Answer]


class CodeRefusal(Exception):
    """The gateway refuses with a code of the document's tables."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def answer_credit(state: State, request: Request) -> Answer:
    """`GET my/credit`: parts that can still be sent."""
    return play_known(state, request, "my/credit", {"value": 0}, _tell_credit)


def answer_details(state: State, request: Request) -> Answer:
    """`GET my`."""
    return play_known(state, request, "my", {"details": {}}, _tell_details)


def play_known(state: State, request: Request, action: str, nothing: dict | None, run: Known) -> Answer:
    """Run an operation for the account whose credentials came; `nothing` as for `play_operation`."""

    def run_known() -> Answer:
        account = find_account(state.store, request.headers)
        if account is None:
            raise StatusRefusal(401, "توکن یا نام کاربری و رمز عبور نادرست است")
        if account.code and not (account.code == TRIAL and action in REPORTS_ON_TRIAL):
            raise CodeRefusal(account.code)
        return run(state, request, account)

    return play_operation(state, action, nothing, run_known)


def play_operation(state: State, action: str, nothing: dict | None, run: Callable[[], Answer]) -> Answer:
    """Run an operation in the envelope.

    `nothing` is what its result holds beside the code when it is refused; None when the result is a bare code.
    """

    def run_caught() -> Answer:
        try:
            return run()
        except CodeRefusal as refusal:
            return tell_result(refusal.code if nothing is None else {"status": refusal.code} | nothing)
        except StatusRefusal as refusal:
            return refuse(refusal.status, refusal.words, **refusal.headers)

    return play_call(state.faults, action, refuse(429, "درخواست‌ها بیش از اندازه است"), run_caught)


def refuse(status: int, words: str, **headers: str) -> Answer:
    """A refusal with an HTTP status, in the envelope."""
    return json_answer({"status": status, "message": words}, status, **headers)


def tell_result(result: Any) -> Answer:
    """An answer that holds a result."""
    return json_answer({"status": 200, "result": result})


def read_object(request: Request) -> dict[str, Any]:
    """The body, an object of JSON. Raises StatusRefusal."""
    try:
        body = request.read_json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise StatusRefusal(400, "بدنه درخواست یک ساختار جیسون نیست")
    return body


def _tell_credit(state: State, request: Request, account: Account) -> Answer:
    return tell_result({"status": account.code, "value": read_credit(state.store, account)})


def _tell_details(state: State, request: Request, account: Account) -> Answer:
    return tell_result({"status": account.code, "details": DETAILS})
