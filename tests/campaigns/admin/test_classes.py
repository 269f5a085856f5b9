"""Classes in the admin: made, replaced by the next version, taken off the list; never changed."""

import pytest

from campaigns.classes import list_classes
from campaigns.models import CampaignClass
from tests.factories import make_campaign, make_class
from tests.panel.admin_visits import page_of, read, told
from tests.panel.admin_visits import superuser as superuser

pytestmark = pytest.mark.django_db
FORM = {
    "campaign_type": "instagram_liking",
    "payment_type": "like",
    "waiting": "15",
    "max_user_likes": "100",
    "campaign_value": "10",
    "user_share": "6",
}


def act(browser, row, name, **values):
    return browser.post(f"{page_of(CampaignClass)}{row.pk}/{name}/", {"act": "1"} | values, follow=True)


def test_a_new_class_is_its_first_version(superuser):
    answer = superuser.post(page_of(CampaignClass, "add"), FORM | {"line": "fast"}, follow=True)
    row = CampaignClass.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(CampaignClass)
    assert (row.line, row.version, row.current, row.waiting, row.house_share) == ("fast", 1, True, 15, 4)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"user_share": "11"}, ["user_share"]),
        ({"user_share": "0"}, ["user_share"]),
        ({"campaign_value": "1000001"}, ["campaign_value"]),
        ({"campaign_value": "-1"}, ["campaign_value"]),
        ({"waiting": "90000"}, ["waiting"]),
        ({"line": "taken"}, ["line"]),
        ({"line": "two words"}, ["line"]),
        ({"payment_type": "toman"}, ["payment_type"]),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(superuser, changes, fields):
    make_class(line="taken")
    answer = superuser.post(page_of(CampaignClass, "add"), FORM | {"line": "fast"} | changes)
    assert list(answer.context["adminform"].form.errors) == fields
    assert CampaignClass.objects.count() == 1


def test_a_change_is_the_next_version_and_running_campaigns_keep_theirs(superuser):
    row = make_class(line="fast")
    campaign = make_campaign(row)
    before = CampaignClass.objects.values().get(pk=row.pk)
    page = superuser.get(f"{page_of(CampaignClass)}{row.pk}/replace/")
    assert page.context["blocks"][0]["form"].initial["campaign_value"] == 10
    answer = act(superuser, row, "replace", **FORM | {"campaign_value": "20"})
    fresh = CampaignClass.objects.get(current=True)
    assert told(answer) == ["New campaigns take fast v2 from now on."]
    assert (fresh.version, fresh.campaign_value, fresh.user_share) == (2, 20, 6)
    assert CampaignClass.objects.values().get(pk=row.pk) == before | {"current": False}
    campaign.refresh_from_db()
    assert campaign.campaign_class == row


def test_a_change_of_an_older_version_or_of_nothing_is_refused(superuser):
    row = make_class(line="fast", waiting=15, max_user_likes=100, user_share=6)
    assert told(act(superuser, row, "replace", **FORM)) == ["Nothing was changed."]
    act(superuser, row, "replace", **FORM | {"waiting": "20"})
    answer = act(superuser, row, "replace", **FORM | {"waiting": "30"})
    assert answer.context["blocks"][0]["form"].non_field_errors() == [
        "This is not the current version any more: somebody else was quicker."
    ]
    answer = act(superuser, list_classes()[0], "replace", **FORM | {"user_share": "11"})
    assert list(answer.context["blocks"][0]["form"].errors) == ["user_share"]
    assert list(CampaignClass.objects.values_list("version", "waiting")) == [(2, 20), (1, 15)]


def test_off_the_list_and_on_again(superuser):
    row = make_class(line="fast")
    words = [told(act(superuser, row, "take_off")) for _ in range(2)]
    assert (words, list_classes()) == (
        [["fast v1 can't be chosen any more."], ["It is not on the list any more."]],
        [],
    )
    words = [told(act(superuser, row, "offer")) for _ in range(2)]
    assert (words, list_classes()) == (
        [["fast v1 can be chosen again."], ["It is on the list already."]],
        [row],
    )
    act(superuser, row, "replace", **FORM)
    answer = act(superuser, row, "offer")
    assert answer.context["blocks"][0]["form"].non_field_errors() == [
        "There is a newer version of this class: offer that one."
    ]
    assert [kind.version for kind in list_classes()] == [2]


def test_a_version_has_no_inputs_on_its_page(superuser):
    row = make_class(line="fast")
    html = read(superuser, page_of(CampaignClass, "change", row.pk))
    assert 'name="campaign_value"' not in html
    assert superuser.post(page_of(CampaignClass, "change", row.pk), FORM).status_code == 403
    offered = [f"/{row.pk}/{name}/" in html for name in ("replace", "take_off", "offer")]
    assert offered == [True, True, False]
