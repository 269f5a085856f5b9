"""A small run that went well, as the judge gets it; tests spoil it."""

from copy import deepcopy

from chaos.prices import BUNDLE_COINS, FUNDS

CUSTOMER, LIKER = 1, 2
DONE, CUT, DRIP, RUN_1, RUN_2 = 11, 12, 13, 14, 15


def make_facts():
    """Facts in which everything adds up; a copy of its own for every test."""
    return deepcopy(FACTS)


def find(facts, what, **values):
    """The one row of `facts[what]` with these values."""
    (row,) = [row for row in facts[what] if values.items() <= row.items()]
    return row


def _wish(number, order_id, quantity, runs=1):
    return {
        "api": "standard",
        "customer": CUSTOMER,
        "upstream": "standard",
        "service": 1,
        "link": f"https://example.com/{number}",
        "quantity": quantity,
        "key": f"key-{number}",
        "runs": runs,
        "outcome": "accepted",
        "order_id": order_id,
        "words": "",
        "asked": 1,
        "differed": False,
    }


def _order(pk, number, quantity, charge, status, parent=None, refunded=0):
    return {
        "id": pk,
        "customer": CUSTOMER,
        "link": f"https://example.com/{number}",
        "quantity": quantity,
        "charge": charge,
        "refunded": refunded,
        "status": status,
        "forwarding": "accepted",
        "parent": parent,
    }


def _dispatch(order, upstream_id):
    return {
        "order": order,
        "state": "accepted",
        "upstream_id": str(upstream_id),
        "upstream": "standard",
        "honours": True,
        "reason": "",
    }


def _upstream(pk, number, quantity, status="Completed", remains=0):
    link = f"https://example.com/{number}"
    return {
        "order": pk,
        "link": link,
        "quantity": quantity,
        "status": status,
        "remains": remains,
        "tracking_id": None,
    }


def _transfer(kind, amount, reference="", key=""):
    return {"kind": kind, "amount": amount, "reference": reference, "key": key}


def _account(pk, owner, balance, currency="toman", kind="wallet"):
    return {"id": pk, "owner": owner, "currency": currency, "kind": kind, "balance": balance}


# 100 and 101 units at 2,000 toman per 1,000, and two runs of 50; 40 of the second order remained.
FACTS = {
    "wishes": {
        "orders": [_wish(1, DONE, 100), _wish(2, CUT, 101), _wish(3, DRIP, 50, runs=2)],
        "likes": [{"customer": LIKER, "campaign": 1, "outcome": "accepted"}],
        "campaigns": [{"customer": CUSTOMER, "code": "Chaos1", "budget": 25, "outcome": "accepted"}],
        "payments": [{"customer": CUSTOMER, "amount": 10_000, "authority": "S1", "outcome": "accepted"}],
        "texts": [
            {
                "customer": CUSTOMER,
                "text": "hi",
                "recipients": ["09130003001"],
                "outcome": "accepted",
                "send_id": 1,
            }
        ],
        "bundles": [{"customer": LIKER, "token": "good-1", "coins": BUNDLE_COINS, "outcome": "accepted"}],
        "calls": 9,
    },
    "open": [],
    "paused": [],
    "orders": [
        _order(DONE, 1, 100, 200, "completed"),
        _order(CUT, 2, 101, 202, "partial", refunded=80),
        _order(DRIP, 3, 100, 200, "completed"),
        _order(RUN_1, 3, 50, 0, "completed", parent=DRIP),
        _order(RUN_2, 3, 50, 0, "completed", parent=DRIP),
    ],
    "dispatches": [_dispatch(DONE, 101), _dispatch(CUT, 102), _dispatch(RUN_1, 103), _dispatch(RUN_2, 104)],
    "upstream": [
        _upstream(101, 1, 100),
        _upstream(102, 2, 101, "Partial", 40),
        _upstream(103, 3, 50),
        _upstream(104, 3, 50),
    ],
    "transfers": [_transfer("refund", 80, str(CUT)), _transfer("payment", 10_000, "ref", "payment:1")],
    "accounts": [
        _account(1001, CUSTOMER, FUNDS - 602 + 80 + 10_000 - 250),
        _account(1002, LIKER, FUNDS),
        _account(1003, CUSTOMER, FUNDS - 20, "like"),
        _account(1004, LIKER, FUNDS + 5, "like"),
        _account(1005, LIKER, BUNDLE_COINS, "coin"),
        _account(1006, CUSTOMER, 0, "like", "budget"),
    ],
    "campaigns": [{"id": 1, "owner": CUSTOMER, "target_code": "Chaos1", "account": 1006, "state": "ended"}],
    "likes": [{"id": 1, "campaign": 1, "customer": LIKER}, {"id": 2, "campaign": 1, "customer": 3}],
    "bundles": [{"token": "good-1", "customer": LIKER, "state": "credited"}],
    "payments": [{"id": 1, "customer": CUSTOMER, "amount": 10_000, "authority": "S1", "state": "paid"}],
    "bank": [{"authority": "S1", "toman": 10_000, "outcome": "pay", "paid": True}],
    "sends": [{"id": 1, "customer": CUSTOMER, "text": "hi", "recipients": 1}],
    "messages": [
        {
            "id": 1,
            "to": "+989130003001",
            "text": "hi",
            "state": "sent",
            "send": 1,
            "kind": "send",
            "error": "",
        },
        {
            "id": 2,
            "to": "+989120014001",
            "text": "order 11",
            "state": "unclear",
            "send": None,
            "kind": "",
            "error": "?",
        },
    ],
    "arrived": [
        {"mobile": "09130003001", "message": "hi", "times": 1},
        {"mobile": "09120014001", "message": "order 11", "times": 1},
    ],
    "set_aside": [],
    "audit": [],
    "recovery": [{"kind": "worker", "what": "worker-1 killed", "seconds": 2.5}],
    "quiet_seconds": 12.0,
    "seed": 1,
    "seconds": 60,
}
