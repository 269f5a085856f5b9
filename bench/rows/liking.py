"""Three hundred likes at one moment on a campaign that can pay for a hundred."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection

from django.db import connections

from bench.connection import HOST
from bench.exchange import SHARE, make_campaigns, make_liker_token, make_people
from bench.results import BenchError, Result
from bench.run import Bench
from bench.servers import run_sandbox, run_web
from campaigns.liking import pay_verified
from campaigns.models import Campaign, Like
from campaigns.refusals import CampaignRefused, Refusal

LIKERS, PAYABLE = 300, 100
CONNECTIONS = 50  # to the database at once, where no web process stands before it
ANSWER_SECONDS = 120
ADDRESS = "203.0.113.5"
OUT_OF_BUDGET = "بودجه این کمپین به پایان رسیده"
_BODY = json.dumps({"like": {"access_token": "like-token"}})


def measure_likes(bench: Bench) -> Iterator[Result]:
    """300 likes at once on a budget for 100: over HTTP, then on the engine itself."""
    with bench.fresh_database(), ExitStack() as stack:
        owner, *likers = make_people(1 + LIKERS)
        sandbox = stack.enter_context(run_sandbox(bench.environment, bench.folder))
        environment = bench.environment | {
            "INSTAGRAM_API_URL": f"{sandbox.url}/instagram/v1",
            "INSTAGRAM_APP_TOKEN": "sandbox-app-token",
        }
        port = stack.enter_context(run_web(environment, bench.folder))
        for how, like in (
            ("over HTTP", lambda *who: _like_over_http(port, *who)),
            ("by the engine", _pay_all),
        ):
            (campaign_id,) = make_campaigns(owner, 1, PAYABLE)
            yield from _judge(how, campaign_id, like(campaign_id, likers))


def _like_over_http(port: int, campaign_id: int, likers: list[int]) -> Counter:
    """Every like is on its way before the first answer is read; counts `paid` and Refusal's words."""
    links = [HTTPConnection(HOST, port, timeout=ANSWER_SECONDS) for _ in likers]
    try:
        for link in links:
            link.connect()
        for link, liker in zip(links, likers, strict=True):
            headers = {"Authorization": make_liker_token(liker), "Content-Type": "application/json"}
            headers["X-Forwarded-Proto"] = "https"
            link.request("POST", f"/api/campaigns/{campaign_id}/like", _BODY, headers)
        return Counter(_read_outcome(link) for link in links)
    finally:
        for link in links:
            link.close()


def _read_outcome(link: HTTPConnection) -> str:
    answer = link.getresponse()
    text = answer.read().decode()
    if answer.status == 200 and json.loads(text)["user"]["like_credit"] == SHARE:
        return "paid"
    if answer.status == 422 and json.loads(text)["errors"]["base"][0].startswith(OUT_OF_BUDGET):
        return Refusal.OUT_OF_BUDGET.value
    raise BenchError(f"a like is answered {answer.status} {text[:200]}")


def _pay_all(campaign_id: int, likers: list[int]) -> Counter:
    """The likes as the provider has confirmed them, on many connections; counts `paid` and Refusal's words."""
    campaign = Campaign.objects.select_related("campaign_class").get(pk=campaign_id)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        parts = [likers[place::CONNECTIONS] for place in range(CONNECTIONS)]
        return sum(pool.map(lambda part: _pay_part(campaign, part), parts), Counter())


def _pay_part(campaign: Campaign, likers: list[int]) -> Counter:
    outcomes = Counter()
    try:
        for liker in likers:
            try:
                pay_verified(liker, campaign, ADDRESS)
            except CampaignRefused as refused:
                outcomes[refused.code.value] += 1
            else:
                outcomes["paid"] += 1
    finally:
        connections.close_all()
    return outcomes


def _judge(how: str, campaign_id: int, outcomes: Counter) -> Iterator[Result]:
    campaign = Campaign.objects.select_related("account").get(pk=campaign_id)
    wanted = Counter({"paid": PAYABLE, Refusal.OUT_OF_BUDGET.value: LIKERS - PAYABLE})
    paid = Like.objects.filter(campaign=campaign).count()
    wrong = abs(paid - PAYABLE) + (outcomes - wanted).total() + (wanted - outcomes).total()
    note = f"{paid} are paid, answered {dict(outcomes)}; the campaign is {campaign.state}"
    what = f"{LIKERS} likes at once {how}, a budget for {PAYABLE}: not paid or answered as that"
    yield Result("likes", what, wrong, 0, at_most=True, note=note, facts={"paid": paid, **outcomes})
    left = campaign.account.balance
    yield Result("likes", f"left of the budget, likes {how}", left, 0, at_most=True)
