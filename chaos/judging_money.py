"""The verdict on money: every refund and wallet worked out anew from what was agreed and what the neighbours say.

Nothing here asks the panel how it reckons: the rules are those that customers read (orders: a price per 1,000 rounded
up; partial: charge × remains ÷ quantity rounded down; canceled and refused: all of it).
"""

from collections import Counter, defaultdict
from typing import Any

from chaos.judging import FINAL, Orders
from chaos.prices import BUNDLE_COINS, FUNDS, LIKE_SHARE, LIKE_VALUE, PART_PRICE, PRICE
from chaos.record import ACCEPTED, Facts
from chaos.results import Row, count_row

OTHER_AMOUNT = "mismatch"


def judge_money(orders: Orders) -> list[Row]:
    """The rows about money."""
    facts = orders.facts
    due = {row["id"]: find_due(orders, row) for row in facts["orders"] if row["parent"] is None}
    made = Counter()
    for row in facts["transfers"]:
        if row["kind"] == "refund":
            made[int(row["reference"])] += row["amount"]
    wrong = [
        f"order {pk}: {due.get(pk, 0):,} due, {made[pk]:,} made"
        for pk in due.keys() | made.keys()
        if due.get(pk, 0) != made[pk]
    ]
    taken = [row for row in facts["bank"] if row["paid"] and row["outcome"] != OTHER_AMOUNT]
    credited = find_credited(facts)
    return [
        Row("refunds due (toman)", sum(due.values())),
        Row("refunds made (toman)", made.total(), sum(due.values()), wrong),
        count_row("orders charged another price", find_mischarged(orders)),
        Row("payments taken at the bank", len(taken)),
        Row(
            "payments credited, each once",
            len(credited),
            len(taken),
            find_miscredited(facts, taken, credited),
        ),
        count_row("likes and campaigns that don't add up", find_like_faults(facts)),
        count_row("bundles that don't add up", find_bundle_faults(facts)),
        count_row("ledger drift: the audit", facts["audit"]),
        count_row("ledger drift: wallets worked out anew", find_drift(orders, due, taken)),
    ]


def find_due(orders: Orders, row: dict[str, Any]) -> int:
    """Toman that have to come back of an order, by what its upstream says."""
    if row["id"] in orders.parts:
        units = sum(_count_done(orders, part) for part in orders.parts[row["id"]])
        undone = row["quantity"] - units if row["status"] in FINAL else 0
        return row["charge"] * undone // row["quantity"]
    there = orders.find_upstream(row["id"])
    if there is None:
        return row["charge"] if row["status"] in ("canceled", "error") else 0
    if there["status"] in ("Canceled", "Error"):
        return row["charge"]
    if there["status"] == "Partial":
        return row["charge"] * min(max(there["remains"], 0), row["quantity"]) // row["quantity"]
    return 0


def _count_done(orders: Orders, part: dict[str, Any]) -> int:
    there = orders.find_upstream(part["id"])
    if there is None or there["status"] in ("Canceled", "Error"):
        return 0
    return part["quantity"] - (max(there["remains"], 0) if there["status"] == "Partial" else 0)


def price_order(wish: dict[str, Any]) -> int:
    """What a wish costs in toman."""
    return -(-PRICE * wish["quantity"] * wish["runs"] // 1_000)


def find_mischarged(orders: Orders) -> list[str]:
    """Orders that cost something else than was agreed."""
    return [
        f"order {row['id']}: {row['charge']:,} instead of {price_order(wish):,}"
        for wish in orders.wishes
        for row in orders.placed.get(wish["link"], ())
        if row["charge"] != price_order(wish)
    ]


def find_credited(facts: Facts) -> dict[str, int]:
    """Toman credited by authority."""
    authorities = {row["id"]: row["authority"] for row in facts["payments"]}
    credited: dict[str, int] = defaultdict(int)
    for row in facts["transfers"]:
        if row["kind"] == "payment":
            credited[authorities[int(row["key"].removeprefix("payment:"))]] += row["amount"]
    return dict(credited)


def find_miscredited(facts: Facts, taken: list[dict[str, Any]], credited: dict[str, int]) -> list[str]:
    """Payments whose credit isn't what the bank took."""
    wanted = {row["authority"]: row["toman"] for row in taken}
    faults = [
        f"payment {authority}: taken {wanted.get(authority, 0):,}, credited {credited.get(authority, 0):,}"
        for authority in wanted.keys() | credited.keys()
        if wanted.get(authority, 0) != credited.get(authority, 0)
    ]
    known = {row["authority"] for row in facts["payments"]}
    wishes = facts["wishes"]["payments"]
    return faults + [
        f"payment {w['authority']} is lost" for w in wishes if w["authority"] and w["authority"] not in known
    ]


def find_like_faults(facts: Facts) -> list[str]:
    """Likes told as paid that aren't, or paid twice; campaigns whose budget isn't likes and a rest given back."""
    paid = Counter((row["customer"], row["campaign"]) for row in facts["likes"])
    faults = [f"{pair} was paid {times} times" for pair, times in paid.items() if times > 1]
    for wish in facts["wishes"]["likes"]:
        if wish["outcome"] == ACCEPTED and not paid[wish["customer"], wish["campaign"]]:
            faults.append(
                f"the like of campaign {wish['campaign']} by {wish['customer']} was told and isn't there"
            )
    wanted = Counter(row["code"] for row in facts["wishes"]["campaigns"] if row["outcome"] == ACCEPTED)
    there = Counter(row["target_code"] for row in facts["campaigns"])
    faults += [f"campaign {code}: {there[code]} instead of 1" for code in wanted if there[code] != 1]
    balances = {row["id"]: row["balance"] for row in facts["accounts"]}
    for row in facts["campaigns"]:
        if balances[row["account"]]:
            faults.append(
                f"campaign {row['id']} is {row['state']} and still holds {balances[row['account']]}"
            )
    return faults


def find_bundle_faults(facts: Facts) -> list[str]:
    """Bundles told as bought that weren't credited, and tokens credited twice."""
    states = defaultdict(list)
    for row in facts["bundles"]:
        states[row["token"]].append(row["state"])
    faults = [
        f"the token {token} was taken {len(rows)} times" for token, rows in states.items() if len(rows) > 1
    ]
    for wish in facts["wishes"]["bundles"]:
        if wish["outcome"] == ACCEPTED and states.get(wish["token"]) != ["credited"]:
            faults.append(f"the bundle {wish['token']} was told as bought and is {states.get(wish['token'])}")
    return faults


def find_drift(orders: Orders, due: dict[int, int], taken: list[dict[str, Any]]) -> list[str]:
    """Wallets that don't hold what deposits, charges and refunds leave of them."""
    wanted = _reckon_toman(orders, due, taken) + _reckon_likes(orders.facts)
    for row in orders.facts["bundles"]:
        wanted[row["customer"], "coin"] += BUNDLE_COINS if row["state"] == "credited" else 0
    faults = []
    for row in orders.facts["accounts"]:
        holds = wanted[row["owner"], row["currency"]]
        if row["kind"] == "wallet" and row["balance"] != holds:
            faults.append(
                f"customer {row['owner']}: {row['balance']:,} {row['currency']} instead of {holds:,}"
            )
    return faults


def _reckon_toman(orders: Orders, due: dict[int, int], taken: list[dict[str, Any]]) -> Counter:
    facts, wanted = orders.facts, Counter()
    owners = {row["owner"] for row in facts["accounts"] if row["kind"] == "wallet"}
    wanted.update({(owner, "toman"): FUNDS for owner in owners})
    payers = {row["authority"]: row["customer"] for row in facts["payments"]}
    for row in taken:
        wanted[payers.get(row["authority"]), "toman"] += row["toman"]
    for wish in orders.wishes:
        for row in orders.placed.get(wish["link"], ()):
            wanted[row["customer"], "toman"] += due[row["id"]] - price_order(wish)
    for row in facts["sends"]:
        wanted[row["customer"], "toman"] -= PART_PRICE * row["recipients"]
    senders = {row["id"]: row["customer"] for row in facts["sends"]}
    for row in facts["messages"]:
        if row["send"] and row["state"] == "failed":
            wanted[senders[row["send"]], "toman"] += PART_PRICE
    return wanted


def _reckon_likes(facts: Facts) -> Counter:
    """Budgets went out of wallets; what likes didn't take came back; likers got their share."""
    wanted = Counter()
    likes = Counter(row["campaign"] for row in facts["likes"])
    for owner in {row["owner"] for row in facts["accounts"] if row["kind"] == "wallet"}:
        wanted[owner, "like"] += FUNDS
    for row in facts["campaigns"]:
        wanted[row["owner"], "like"] -= LIKE_VALUE * likes[row["id"]]
    for row in facts["likes"]:
        wanted[row["customer"], "like"] += LIKE_SHARE
    return wanted
