"""Looking into the SMS gateways, at `/control/sms`, and adding patterns to them, at `/control/patterns`.

`GET /control/sms/counts` counts what arrived, at both gateways together, fast for 100,000 recipients too:

| key | what it counts |
|---|---|
| `texts` | texts that arrived: recipients × sendings |
| `different` | different pairs of mobile and text among them: equal to `texts` when nobody got a text twice |
| `mobiles` | different mobiles |
| `repeated` | the first 100 `{mobile, message, times}` who got the same text more than once |

With `text=` that text alone; with `since_id=` messages after that id alone. `GET /control/sms/texts` lists them all,
`{mobile, message, times}` each.
"""

from typing import Any

from providers.sandbox.control import ControlError, read_count, read_object
from providers.sandbox.messages import count_texts, list_messages, list_texts
from providers.sandbox.sms_patterns import Pattern
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer, read_id


def answer_messages(state: State, request: Request) -> Answer:
    """`GET /control/sms`."""
    mobile = dict(request.query_pairs()).get("mobile")
    messages = list_messages(state.store, state.tell_sms_time(), mobile)
    return json_answer({"messages": [message.describe() for message in messages]})


def answer_counts(state: State, request: Request) -> Answer:
    """`GET /control/sms/counts`."""
    query = dict(request.query_pairs())
    since_id = read_id(query.get("since_id", "0"))
    return json_answer(count_texts(state.store, state.tell_sms_time(), query.get("text"), since_id))


def answer_texts(state: State, request: Request) -> Answer:
    """`GET /control/sms/texts`."""
    return json_answer({"texts": list_texts(state.store, state.tell_sms_time())})


def answer_patterns(state: State, request: Request) -> Answer:
    """`GET` and `POST /control/patterns`."""
    try:
        if request.method == "POST":
            state.patterns.add(_read_pattern(read_object(request)))
    except ControlError as error:
        return json_answer({"error": str(error)}, 400)
    return json_answer({"patterns": state.patterns.describe()})


def _read_pattern(body: dict[str, Any]) -> Pattern:
    number, text = read_count(body.get("id")), body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ControlError("a pattern has a text with {variables}")
    return Pattern(number, str(body.get("name", number)), text, body.get("active", True) is not False)
