"""A target that one person does not see closes nothing; one that is gone for us too closes the campaign."""

import pytest

from campaigns.liking import like_campaign, read_credit
from campaigns.refusals import CampaignRefused, Refusal
from tests.factories import make_campaign, make_customer
from tests.panel.lib.raw_server import RawServer, http_answer, reset

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(sandbox, settings):
    """The sandbox's Instagram is asked."""
    settings.INSTAGRAM_API_URL = f"{sandbox.url}/instagram/v1"
    return sandbox


def refuse(campaign, liker, token):
    """(the refusal's code, the campaign's state then)."""
    with pytest.raises(CampaignRefused) as caught:
        like_campaign(liker.pk, campaign.pk, "203.0.113.5", token)
    campaign.refresh_from_db()
    return caught.value.code, campaign.state


def test_who_is_blocked_by_the_owner_closes_nothing(api):
    campaign, liker = make_campaign(), make_customer()
    assert refuse(campaign, liker, "gone-token") == (Refusal.GONE, "available")
    assert like_campaign(make_customer().pk, campaign.pk, "203.0.113.5", "like-token").like > 0


def test_who_is_blocked_closes_nothing_while_we_get_no_answer(settings):
    campaign, liker = make_campaign(), make_customer()
    gone = http_answer('{"meta": {"code": 400, "error_type": "APINotFoundError"}}', "400 Bad Request")
    with RawServer(gone, reset) as server:
        settings.INSTAGRAM_API_URL = server.url
        assert refuse(campaign, liker, "any-token") == (Refusal.GONE, "available")
        assert server.requests[1].target.endswith(f"?access_token={settings.INSTAGRAM_APP_TOKEN}")


def test_a_picture_that_is_gone_for_us_too_closes_the_campaign(api):
    campaign, liker = make_campaign(code="gone-Sn-n9YX"), make_customer()
    assert refuse(campaign, liker, "like-token") == (Refusal.GONE, "unavailable")
    assert read_credit(liker.pk).like == 0
