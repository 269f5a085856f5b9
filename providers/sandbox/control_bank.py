"""Looking into the bank's books, at `/control/bank`: every payment begun there, and whether money came."""

from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer


def answer_bank(state: State, request: Request) -> Answer:
    """`GET /control/bank`."""
    rows = [
        {
            "authority": session.authority,
            "toman": session.toman,
            "outcome": session.outcome,
            "paid": session.paid,
            "verified": session.verified,
        }
        for session in state.bank.list()
    ]
    return json_answer({"payments": rows})
