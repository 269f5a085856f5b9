"""The review queue: one after the other, each decided once, whoever else is at it."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused
from campaigns.reporting import report_campaign
from campaigns.reviewing import approve_waiting, reject_waiting
from campaigns.states import approve_campaign
from panel.wallet.ledger import read_balance
from panel.wallet.models import WalletEvent
from tests.factories import make_campaign, make_class, make_customer
from tests.panel.admin_visits import enter_admin, read, told
from tests.panel.admin_visits import superuser as superuser
from tests.together import run_together

REVIEW = "/admin/campaigns/campaign/review/"


def make_waiting(count=1, **fields):
    """That many campaigns in the queue, the oldest first."""
    kind = make_class()
    return [make_campaign(kind, shown=False, code=f"WAIT{n}", **fields) for n in range(count)]


def shown_id(browser, **query):
    campaign = browser.get(REVIEW, query).context["campaign"]
    return campaign and campaign.pk


def decide(browser, campaign, name, seen_round="", **values):
    """What the page's buttons send."""
    return browser.post(
        REVIEW, {"campaign": campaign.pk, "round": seen_round, name: "1"} | values, follow=True
    )


def state_of(campaign):
    return Campaign.objects.get(pk=campaign.pk).state


@pytest.mark.django_db
def test_the_oldest_comes_first_and_the_next_behind_it(superuser):
    first, second, third = make_waiting(3)
    assert shown_id(superuser) == first.pk
    assert [shown_id(superuser, after=row.pk) for row in (first, second, third)] == [
        second.pk,
        third.pk,
        first.pk,
    ]
    assert [shown_id(superuser, after=value) for value in ("x", "9" * 40, "-1")] == [first.pk] * 3


@pytest.mark.django_db
def test_what_a_person_decides_by_is_on_the_page(superuser):
    owner = make_customer(username="theowner")
    kind = make_class("coin", has_description=True, has_website=True)
    campaign = make_campaign(kind, likes=7, owner=owner, shown=False)
    texts = {"description": "<b>my</b> cat", "website": "https://cats.example/", "phone": "021 1"}
    Campaign.objects.filter(pk=campaign.pk).update(**texts)
    html = read(superuser, REVIEW)
    for words in ("theowner", "&lt;b&gt;my&lt;/b&gt; cat", "<bdi>70</bdi> coin", "021 1", str(kind)):
        assert words in html
    for link in (campaign.target_url, "https://cats.example/"):
        (tag,) = re.findall(rf'<a href="{re.escape(link)}"[^>]*>', html)
        assert ('target="_blank"' in tag, 'rel="noopener noreferrer"' in tag) == (True, True)
    assert "The picture is not here yet." in html
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|style=", html.split('id="content-main"')[1])


@pytest.mark.django_db
def test_approving_shows_it_and_goes_on(superuser):
    first, second = make_waiting(2)
    answer = decide(superuser, first, "approve")
    assert (answer.redirect_chain[-1][0], told(answer)) == (
        f"{REVIEW}?after={first.pk}",
        [f"Campaign {first.pk} is shown."],
    )
    assert (state_of(first), answer.context["campaign"]) == ("available", second)
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_id, entry.change_message) == (
        superuser.staff,
        str(first.pk),
        f"Campaign {first.pk} is shown.",
    )


@pytest.mark.django_db
def test_rejecting_wants_a_reason_and_gives_the_budget_back(superuser):
    first, second = make_waiting(2)
    for reason in ("", "   ", "x" * 301):
        answer = decide(superuser, first, "reject", reason=reason)
        assert (answer.context["campaign"], "reason" in answer.context["form"].errors) == (first, True)
    assert (state_of(first), read_balance(first.owner_id, "like")) == ("pending", 0)
    answer = decide(superuser, first, "reject", reason="Not a cat")
    row = Campaign.objects.get(pk=first.pk)
    assert (row.state, row.reason, read_balance(row.owner_id, "like")) == ("rejected", "Not a cat", 1000)
    assert told(answer) == [f"Campaign {first.pk} is rejected: Not a cat"]
    assert answer.context["campaign"] == second


@pytest.mark.django_db
def test_after_the_last_one_the_page_says_so(superuser):
    (campaign,) = make_waiting()
    link = f'<a href="{REVIEW}"><strong><bdi>1</bdi></strong> campaigns to review</a>'
    assert link in read(superuser, "/admin/")
    answer = decide(superuser, campaign, "approve")
    assert (answer.context["campaign"], "No campaign waits for review." in answer.content.decode()) == (
        None,
        True,
    )
    assert link not in read(superuser, "/admin/")


@pytest.mark.django_db
def test_the_second_decision_changes_nothing_and_is_told(superuser):
    first, second = make_waiting(2)
    decide(superuser, first, "approve")
    other = enter_admin("campaigns.change_campaign")
    late = f"Somebody has decided about campaign {first.pk} already: shown."
    for name, values in (("approve", {}), ("reject", {"reason": "no"}), ("reject", {"reason": ""})):
        answer = decide(other, first, name, **values)
        assert (told(answer), answer.context["campaign"]) == ([late], second)
    assert (
        state_of(first),
        LogEntry.objects.count(),
        WalletEvent.objects.filter(kind="campaign").count(),
    ) == (
        "available",
        1,
        1,
    )


@pytest.mark.django_db
def test_a_decision_of_an_earlier_round_does_not_count(superuser, settings):
    settings.REPORTS_TO_REVIEW = 1
    (campaign,) = make_waiting()
    approve_campaign(campaign.pk)
    report_campaign(make_customer().pk, campaign.pk)
    answer = decide(superuser, campaign, "approve")
    assert told(answer) == [f"Campaign {campaign.pk} has changed since you saw it. Look again."]
    assert (state_of(campaign), "Reported by <bdi>1</bdi> person:" in answer.content.decode()) == (
        "pending",
        True,
    )
    decide(superuser, campaign, "approve", seen_round=answer.context["round"])
    assert state_of(campaign) == "available"


@pytest.mark.django_db
def test_nonsense_decides_nothing(superuser):
    (campaign,) = make_waiting()
    for values in (
        {},
        {"campaign": "x", "approve": "1"},
        {"campaign": "99999999", "reject": "1", "reason": "r"},
        {"campaign": "99999999", "reject": "1", "reason": ""},
    ):
        assert superuser.post(REVIEW, values, follow=True).status_code == 200
    assert superuser.post(REVIEW, {"campaign": campaign.pk}, follow=True).context["campaign"] == campaign
    assert superuser.delete(REVIEW).status_code == 405
    assert (state_of(campaign), LogEntry.objects.count()) == ("pending", 0)


@pytest.mark.django_db(transaction=True)
def test_of_many_decisions_at_once_one_counts():
    for _ in range(5):
        (campaign,) = make_waiting()
        outcomes = run_together(
            *(lambda c=campaign: approve_waiting(c.pk, "") for _ in range(5)),
            *(lambda c=campaign: reject_waiting(c.pk, "", "no") for _ in range(5)),
        )
        refused = [one for one in outcomes if isinstance(one, CampaignRefused)]
        assert (len(refused), outcomes.count(None)) == (9, 1)
        approved = None in outcomes[:5]
        assert state_of(campaign) == ("available" if approved else "rejected")
        assert read_balance(campaign.owner_id, "like") == (0 if approved else 1000)
        assert WalletEvent.objects.filter(customer_id=campaign.owner_id, kind="campaign").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_press_at_once_decide_once():
    (campaign,) = make_waiting()
    browsers = [enter_admin("campaigns.change_campaign") for _ in range(4)]
    sent = {"campaign": campaign.pk, "round": "", "approve": "1"}
    run_together(*(lambda b=browser: b.post(REVIEW, sent) for browser in browsers))
    words = sorted(message for browser in browsers for message in told(browser.get("/admin/")))
    late = f"Somebody has decided about campaign {campaign.pk} already: shown."
    assert words == [f"Campaign {campaign.pk} is shown.", late, late, late]
    assert LogEntry.objects.count() == 1
