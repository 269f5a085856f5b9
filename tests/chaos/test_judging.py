"""The judge of a chaos run: what went well passes, and each doctored record is caught."""

import json
import subprocess
import sys

import pytest

from chaos.__main__ import tell
from chaos.processes import ROOT
from chaos.verdict import judge
from tests.chaos.sample import CUT, DONE, LIKER, find, make_facts


def list_missed(facts):
    """What the judge has against it."""
    return [row.what for row in judge(facts) if row.missed]


def double_an_order(facts):
    facts["upstream"].append(find(facts, "upstream", order=101) | {"order": 105})


def place_an_order_twice(facts):
    facts["orders"].append(find(facts, "orders", id=DONE) | {"id": 20, "charge": 0})


def lose_an_order(facts):
    facts["orders"] = [row for row in facts["orders"] if row["id"] != DONE]
    facts["dispatches"] = [row for row in facts["dispatches"] if row["order"] != DONE]
    facts["upstream"] = [row for row in facts["upstream"] if row["order"] != 101]
    find(facts, "accounts", id=1001)["balance"] += 200


def lose_an_order_upstream(facts):
    facts["upstream"] = [row for row in facts["upstream"] if row["order"] != 101]


def keep_a_refund(facts):
    facts["transfers"] = [row for row in facts["transfers"] if row["kind"] != "refund"]


def keep_an_unclear_order(facts):
    find(facts, "dispatches", order=DONE)["state"] = "unclear"


def answer_in_two_ways(facts):
    facts["wishes"]["orders"][0]["differed"] = True


def pay_back_what_is_made(facts):
    facts["dispatches"] = [row for row in facts["dispatches"] if row["order"] != CUT]
    find(facts, "orders", id=CUT)["status"] = "canceled"
    find(facts, "transfers", kind="refund")["amount"] = 202
    find(facts, "accounts", id=1001)["balance"] += 122


def take_money_out_of_a_wallet(facts):
    find(facts, "accounts", id=1002)["balance"] -= 1


def break_the_ledger(facts):
    facts["audit"] = ["account 1001: balance 1, its transfers say 2"]


def lose_a_payment(facts):
    facts["bank"].append({"authority": "S2", "toman": 5_000, "outcome": "close", "paid": True})
    facts["payments"].append(
        {"id": 2, "customer": LIKER, "amount": 5_000, "authority": "S2", "state": "pending"}
    )
    find(facts, "accounts", id=1002)["balance"] += 5_000


def credit_a_payment_twice(facts):
    facts["transfers"].append(find(facts, "transfers", kind="payment"))


def pay_a_like_twice(facts):
    facts["likes"].append(find(facts, "likes", id=1) | {"id": 3})
    find(facts, "accounts", id=1003)["balance"] -= 10
    find(facts, "accounts", id=1004)["balance"] += 5


def keep_a_budget(facts):
    find(facts, "accounts", id=1006)["balance"] = 5


def double_a_message(facts):
    find(facts, "arrived", message="hi")["times"] = 2


def lose_a_message(facts):
    facts["arrived"] = [row for row in facts["arrived"] if row["message"] != "hi"]


def leave_an_order_open(facts):
    facts["open"] = ["order 11: pending, queued"]


DOCTORED = {
    double_an_order: ["orders doubled"],
    place_an_order_twice: [
        "orders doubled",
        "orders lost",
        "orders charged another price",
        "ledger drift: wallets worked out anew",
    ],
    lose_an_order: ["orders lost"],
    lose_an_order_upstream: ["orders lost"],
    keep_a_refund: ["refunds made (toman)"],
    keep_an_unclear_order: ["orders lost", "unclear where the upstream knows our key"],
    answer_in_two_ways: ["orders told otherwise than done"],
    pay_back_what_is_made: ["orders told otherwise than done"],
    take_money_out_of_a_wallet: ["ledger drift: wallets worked out anew"],
    break_the_ledger: ["ledger drift: the audit"],
    lose_a_payment: ["payments credited, each once"],
    credit_a_payment_twice: ["payments credited, each once"],
    pay_a_like_twice: ["likes and campaigns that don't add up"],
    keep_a_budget: ["likes and campaigns that don't add up"],
    double_a_message: ["messages doubled"],
    lose_a_message: ["messages lost"],
    leave_an_order_open: ["not at their end"],
}


def test_a_run_that_went_well_passes():
    assert list_missed(make_facts()) == []


@pytest.mark.parametrize("doctor", DOCTORED, ids=lambda doctor: doctor.__name__)
def test_a_doctored_record_is_caught(doctor, capsys):
    facts = make_facts()
    doctor(facts)
    assert sorted(list_missed(facts)) == sorted(DOCTORED[doctor])
    assert tell(facts) == 1
    assert "python -m chaos --seconds 60 --seed 1" in capsys.readouterr().out


@pytest.mark.parametrize(("doctor", "status"), [(None, 0), (lose_a_message, 1)])
def test_what_was_written_down_can_be_judged_again(doctor, status, tmp_path):
    facts = make_facts()
    if doctor:
        doctor(facts)
    (tmp_path / "facts.json").write_text(json.dumps(facts))
    command = [sys.executable, "-m", "chaos", "--judge", tmp_path / "facts.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (status, "")
