"""Making a campaign: kinds, counting, each refusal beneath its field."""

import pytest
from django.test import Client
from django.test.html import parse_html

from campaigns.classes import set_offered
from campaigns.liking import read_credit
from campaigns.models import Campaign
from tests.factories import make_class
from tests.panel.dashboard.likes.steps import (
    ADDRESS,
    count_queries,
    fill_form,
    read_balances,
    read_errors,
    read_told,
)
from tests.panel.dashboard.pages import find_all, find_one, read_attributes, read_text, read_texts

NEW, COUNT, TEXTS = "/campaigns/new/", "/campaigns/new/count/", "/campaigns/new/texts/"


def list_inputs(page):
    """Names of the text fields."""
    fields = [*find_all(page, "textarea"), *find_all(page, "input")]
    names = {read_attributes(one).get("name") for one in fields}
    return names & {"description", "phone", "website", "address"}


def test_every_kind_says_what_it_costs_pays_and_carries(browser, liking, wordy):
    page = browser.get(NEW)
    assert read_texts(page, "label", class_="class-card") == [
        "Paid in likes A like costs 10 likes of which whoever likes it gets 5 likes"
        " The picture alone, without texts",
        "Paid in coins A like costs 5 coins of which whoever likes it gets 2 coins"
        " A person waits 15 seconds between two likes"
        " May carry: Description · Phone number · Website · Address",
    ]
    (chosen,) = [one for one in find_all(page, "input", type="radio") if "checked" in dict(one.attributes)]
    assert read_attributes(chosen)["value"] == str(liking.pk)
    assert list_inputs(page) == set()
    assert list_inputs(browser.get(f"{NEW}?campaign_class={wordy.pk}")) == {
        "description",
        "phone",
        "website",
        "address",
    }


def test_a_campaign_is_made_and_its_budget_leaves_the_wallet(browser, rich, wordy):
    texts = {
        "description": "A shop",
        "phone": "۰۹۱۲۳۴۵۶۷۸۹",
        "website": "https://shop.example",
        "address": "Rasht",
    }
    answer = browser.post(NEW, fill_form(wordy, budget="۲۰۲", **texts), follow=True)
    made = Campaign.objects.get()
    assert answer.redirect_chain == [(f"/campaigns/{made.pk}/", 302)]
    assert read_told(answer) == ["Your campaign is there. It is shown as soon as somebody has looked at it."]
    assert (made.owner, made.state, made.target_url, made.budget, made.likes_left) == (
        rich,
        "pending",
        ADDRESS,
        202,
        40,
    )
    assert {name: getattr(made, name) for name in texts} == texts
    assert read_credit(rich.pk).coin == 298


def test_sending_the_form_again_makes_no_other(browser, rich, liking):
    browser.post(NEW, fill_form(liking), follow=True)
    again = browser.post(NEW, fill_form(liking), follow=True)
    assert read_told(again) == ["This campaign was made before."]
    assert Campaign.objects.count() == 1
    browser.post(NEW, fill_form(liking, form_key="f2"))
    assert Campaign.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"target_url": "https://example.com/p/CA2/"},
            "target_url",
            "Paste the address of an Instagram picture, such as https://www.instagram.com/p/…/.",
        ),
        (
            {"target_url": "javascript:alert(1)//instagram.com/p/CA2-Sn-n9YX"},
            "target_url",
            "Paste the address of an Instagram picture, such as https://www.instagram.com/p/…/.",
        ),
        ({"budget": "many"}, "budget", "Write the budget as a whole number above 0."),
        ({"budget": "-100"}, "budget", "Write the budget as a whole number above 0."),
        ({"budget": "9" * 25}, "budget", "Write the budget as a whole number above 0."),
        (
            {"budget": "4"},
            "budget",
            "This budget does not even pay for one like: a like costs 5.",
        ),
        ({"budget": "1000000"}, "budget", "You don't have enough credit for this. Earn · Buy coins"),
        ({"description": "x" * 1001}, "description", "At most 1,000 characters fit here."),
        ({"website": "javascript:alert(1)"}, "website", "This can't be shown. Check how it is written."),
        ({"phone": "call me"}, "phone", "This can't be shown. Check how it is written."),
        (
            {"campaign_class": "0"},
            "campaign_class",
            "Choose what it is paid with: this kind is not offered any more.",
        ),
        (
            {"campaign_class": ""},
            "campaign_class",
            "Choose what it is paid with: this kind is not offered any more.",
        ),
    ],
)
def test_each_refusal_stands_beneath_its_field_and_what_was_typed_stays(
    browser, rich, wordy, changes, field, sentence
):
    page = browser.post(NEW, fill_form(wordy, **changes))
    assert (page.status_code, read_errors(page)) == (422, {field: sentence})
    assert (Campaign.objects.count(), read_credit(rich.pk).coin) == (0, 500)
    if field in ("target_url", "budget"):
        again = read_attributes(find_one(page, "input", name=field))
        assert (again["value"], again["aria-invalid"]) == (changes[field], "true")


def test_nul_and_long_texts_break_nothing(browser, rich, wordy):
    page = browser.post(
        NEW, fill_form(wordy, budget="10\x00", target_url="\x00" * 10_000, description="\x00")
    )
    assert (page.status_code, set(read_errors(page))) == (422, {"target_url"})


@pytest.mark.parametrize(
    ("budget", "sentence"),
    [
        ("", "How many likes the budget pays for is shown here."),
        ("x", "How many likes the budget pays for is shown here."),
        ("9", "This pays for no like yet: one costs 10 likes."),
        ("10", "Pays for 1 like."),
        ("۱٬۲۳۴", "Pays for 123 likes. 4 likes of it would come back at the end."),
    ],
)
def test_the_count_is_live_and_there_without_scripts(browser, rich, liking, budget, sentence):
    fields = fill_form(liking, budget=budget)
    assert read_text(parse_html(browser.post(COUNT, fields).content.decode())) == sentence
    page = browser.post(NEW, fields | {"step": "check"})
    assert (page.status_code, read_text(find_one(page, "p", id="campaign-count"))) == (200, sentence)
    assert Campaign.objects.count() == 0


def test_choosing_another_kind_changes_texts_and_count(browser, liking, wordy):
    fields = {"budget": "100", "description": "kept"}
    part = browser.post(TEXTS, fields | {"campaign_class": wordy.pk})
    assert read_text(find_one(part, "p", id="campaign-count")) == "Pays for 20 likes."
    assert read_text(find_one(part, "textarea", name="description")) == "kept"
    part = browser.post(TEXTS, fields | {"campaign_class": liking.pk})
    assert read_text(find_one(part, "p", id="campaign-count")) == "Pays for 10 likes."
    assert list_inputs(part) == set()


def test_texts_that_the_class_may_not_carry_are_left_out(browser, rich, liking):
    browser.post(NEW, fill_form(liking, description="hidden", website="https://x.example"))
    made = Campaign.objects.get()
    assert (made.description, made.website) == ("", "")


def test_what_is_not_offered_any_more_is_not_there(browser, rich, liking, wordy):
    set_offered(wordy, False)
    assert len(find_all(browser.get(NEW), "label", class_="class-card")) == 1
    assert set(read_errors(browser.post(NEW, fill_form(wordy)))) == {"campaign_class"}
    set_offered(liking, False)
    page = browser.get(NEW)
    assert read_texts(page, "div", class_="empty") == ["No campaigns can be made at the moment."]
    assert browser.post(NEW, fill_form(wordy)).status_code == 422


def test_balances_are_there_and_statements_do_not_grow_with_kinds(browser, rich, liking):
    assert read_balances(browser.get(NEW)) == ["Balance in likes 1,000", "Balance in coins 500"]
    few = count_queries(browser, NEW)
    for _ in range(5):
        make_class("coin")
    assert count_queries(browser, NEW) == few


def test_no_other_site_makes_a_campaign(rich, liking):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(rich)
    assert [strict.post(path, fill_form(liking)).status_code for path in (NEW, COUNT, TEXTS)] == [403] * 3
    assert Campaign.objects.count() == 0
