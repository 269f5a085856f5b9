"""What customers do beside ordering: campaigns and likes, payments at the bank, bundles, texts."""

import random

from chaos.calls import Caller, Reply
from chaos.prices import BUNDLE, SENDER
from chaos.record import ACCEPTED, REFUSED, SILENT, BundleWish, CampaignWish, LikeWish, PaymentWish, TextWish
from chaos.seeding import Buyer

LIKE_TOKEN = "like-token"  # noqa: S105 - the sandbox's word for somebody who likes everything
THEIR_FAULTS = (1000, 2000)  # what the contract says where it can't say what was done
COMING_BACK = (0, 1, 1, 1, 2)  # how often the shop hears of it from the customer's browser


class TradeClient:
    """The other calls of one customer; the bank's page is at `sandbox_url`."""

    def __init__(self, caller: Caller, buyer: Buyer, sandbox_url: str):
        self._caller = caller
        self._tokens = buyer.tokens
        self._sandbox_url = sandbox_url

    def create_campaign(self, wish: CampaignWish, class_id: int) -> None:
        """Ask for a campaign."""
        url = f"https://www.instagram.com/p/{wish.code}/"
        body = {"campaign": {"campaign_class_id": class_id, "budget": wish.budget, "target_url": url}}
        wish.outcome = _judge(self._call_likenama("POST", "/api/campaigns", json=body))

    def find_next(self) -> int | None:
        """The campaign that is shown now."""
        reply = self._call_likenama("GET", "/api/campaigns/next")
        return reply.content["campaign"]["id"] if reply.status == 200 else None

    def like(self, wish: LikeWish) -> None:
        """Ask to be paid for a like; asking again is answered alike and pays nothing more."""
        body = {"like": {"access_token": LIKE_TOKEN}}
        wish.outcome = _judge(self._call_likenama("POST", f"/api/campaigns/{wish.campaign}/like", json=body))

    def buy_bundle(self, wish: BundleWish) -> None:
        """Hand in what was bought in the store; again with the same token."""
        body = {"bundle": {"purchase_token": wish.token}}
        wish.outcome = _judge(self._call_likenama("POST", f"/api/bundles/{BUNDLE}/purchase", json=body))

    def pay(self, wish: PaymentWish, chance: random.Random) -> None:
        """Begin a payment, choose at the bank, and come back from there: never, once or twice."""
        headers = {"Authorization": f"Bearer {self._tokens['panel_app']}", "Accept": "application/json"}
        reply = self._caller.call(
            "POST", "/api/v1/user/payment", json={"amount": wish.amount}, headers=headers
        )
        wish.outcome = _judge(reply)
        if wish.outcome != ACCEPTED:
            return
        wish.authority = reply.content["authority"]
        outcome = chance.choices(("pay", "close", "twice", "cancel", "nonsense", "slow"), (5, 2, 1, 1, 1, 1))[
            0
        ]
        page = self._caller.call(
            "POST", f"{self._sandbox_url}/bank/pay/{wish.authority}", data={"outcome": outcome}
        )
        wish.chosen = outcome
        for _ in range(chance.choice(COMING_BACK) if page.place else 0):
            self._caller.call("GET", page.place, headers={"Accept": "application/json"})

    def send_text(self, wish: TextWish) -> None:
        """Send a text. The contract knows no keys: what got no answer is not repeated."""
        body = {"from": SENDER, "recipients": wish.recipients, "message": wish.text}
        headers = {"token": self._tokens["sms_rest"]}
        reply = self._caller.call("POST", "/api/v1/rest/sms/send", json=body, headers=headers)
        result = reply.content.get("result") if isinstance(reply.content, dict) else None
        state = result.get("status") if isinstance(result, dict) else None
        if state == 0:
            wish.outcome, wish.send_id = ACCEPTED, result["id"]
        elif not (reply.silent or state in THEIR_FAULTS):
            wish.outcome = REFUSED

    def _call_likenama(self, method: str, path: str, **options) -> Reply:
        return self._caller.call(method, path, headers={"Authorization": self._tokens["likenama"]}, **options)


def _judge(reply: Reply) -> str:
    if reply.silent:
        return SILENT
    return ACCEPTED if reply.status in (200, 201) else REFUSED
