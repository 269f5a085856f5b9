"""Pictures of campaigns: fetched by a worker, kept once, and only what a browser shows as a picture."""

import hashlib
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from campaigns.covers import (
    CLAIM_SIZE,
    WAIT_MINUTES,
    NoPicture,
    find_cover,
    forget_covers,
    keep_cover,
    look_for_covers,
    name_type,
)
from campaigns.models import Campaign, Cover
from campaigns.states import end_campaign
from panel.lib.outbound import outbound_client
from tests.campaigns.steps import purse_of
from tests.factories import make_campaign
from tests.panel.lib.raw_server import RawServer, http_answer
from tests.together import run_together

pytestmark = pytest.mark.django_db(transaction=True)
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


def serve(*plays, image="{url}/picture"):
    """An Instagram of raw bytes: it tells of a picture at `image`, then answers with `plays`."""
    server = RawServer()
    told = '{"meta": {"code": 200}, "data": {"id": "1_1", "images": {"standard_resolution": {"url": "%s"}}}}'

    def tell(sock, request):
        sock.sendall(http_answer((told % image.format(url=server.url)).encode()))

    server._plays.extend([tell, *plays])
    return server


@pytest.fixture
def look_at(settings):
    """look_at(*plays): look for one campaign's picture at such a server; returns the campaign, refreshed."""
    settings.LIKE_CHECK_SECONDS = 3
    settings.COVER_BYTES = 10_000
    campaign = make_campaign()

    def look(*plays, **options):
        with serve(*plays, **options) as server:
            settings.INSTAGRAM_API_URL = server.url
            assert look_for_covers() == 1
        campaign.refresh_from_db()
        campaign.asked = [request.target.partition("?")[0] for request in server.requests]
        return campaign

    return look


def test_a_picture_is_fetched_and_kept_under_its_digest(instagram):
    campaign = make_campaign(shown=False)
    assert (look_for_covers(), look_for_covers()) == (1, 0)
    campaign.refresh_from_db()
    content = requests.get(f"{instagram.url}/instagram/pictures/CA2-Sn-n9YX_1.png", timeout=10).content
    assert (campaign.cover_id, campaign.target_id) == (hashlib.sha256(content).hexdigest(), "CA2-Sn-n9YX_1")
    assert (campaign.look_at, campaign.state) == (None, "pending")
    cover = find_cover(campaign.cover_id)
    assert (cover.content_type, bytes(cover.content)) == ("image/png", content)
    assert find_cover("0" * 64) is None


def test_the_same_picture_is_kept_once(instagram):
    campaigns = [make_campaign() for _ in range(CLAIM_SIZE + 2)]
    assert look_for_covers() == len(campaigns)
    assert Cover.objects.count() == 1
    assert Campaign.objects.exclude(cover=None).count() == len(campaigns)


def test_many_workers_look_at_each_once(instagram):
    for _ in range(6):
        make_campaign()
    assert sum(run_together(*(look_for_covers for _ in range(3)))) == 6
    assert Campaign.objects.exclude(cover=None).count() == 6


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (PNG, "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_types_are_told_by_the_first_bytes(content, media_type):
    assert (name_type(content), keep_cover(content).content_type) == (media_type, media_type)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>",
        b"%PDF-1.4",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x89PN",
    ],
)
def test_what_is_no_picture_is_not_kept(content):
    with pytest.raises(NoPicture):
        keep_cover(content)
    assert Cover.objects.count() == 0


@pytest.mark.parametrize(
    "answer",
    [
        http_answer(b"<html><script>alert(1)</script></html>"),
        http_answer(PNG, "404 Not Found"),
        http_answer(PNG, "302 Found", ["Location: http://127.0.0.1:1/"]),
        http_answer(PNG + b"x" * 10_000),
        b"HTTP/1.1 200 OK\r\nContent-Length: 90000000\r\n\r\n",
    ],
    ids=["a page", "another status", "a redirect", "too large", "said to be too large"],
)
def test_what_cannot_be_kept_is_looked_for_later(look_at, answer):
    campaign = look_at(answer)
    assert (campaign.cover, campaign.looks, Cover.objects.count()) == (None, 1, 0)
    assert campaign.look_at > timezone.now()
    assert campaign.asked == ["/media/shortcode/CA2-Sn-n9YX", "/picture"]


@pytest.mark.parametrize(
    "image",
    [
        "http://169.254.169.254/latest",
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_an_address_that_may_not_be_called_is_not_called(look_at, image):
    campaign = look_at(image=image)
    assert (campaign.cover, campaign.looks, len(campaign.asked)) == (None, 1, 1)


def test_private_addresses_are_refused_where_none_is_allowed(settings):
    with RawServer(http_answer(PNG)) as server:
        settings.EGRESS_ALLOW = []
        outbound_client.cache_clear()
        settings.INSTAGRAM_API_URL = server.url
        make_campaign()
        try:
            look_for_covers()
        finally:
            settings.EGRESS_ALLOW = ["127.0.0.0/8"]
            outbound_client.cache_clear()
            outbound_client()
    assert (server.connections, Campaign.objects.get().looks) == (0, 1)


@pytest.mark.parametrize("code", ["nopic1", "badpic1", "flaky1"])
def test_a_picture_that_is_not_to_be_had_is_given_up_after_the_last_look(instagram, code):
    campaign = make_campaign(code=code)
    for looks, minutes in enumerate(WAIT_MINUTES, 1):
        assert look_for_covers() == 1
        campaign.refresh_from_db()
        late = campaign.look_at - timezone.now()
        assert campaign.looks == looks
        assert timedelta(minutes=minutes - 1) < late <= timedelta(minutes=minutes)
        Campaign.objects.update(look_at=timezone.now())
    assert (look_for_covers(), look_for_covers()) == (1, 0)
    campaign.refresh_from_db()
    assert (campaign.look_at, campaign.cover, campaign.state) == (None, None, "available")


def test_a_picture_that_is_gone_closes_its_campaign(instagram):
    campaign = make_campaign(likes=3, code="gone1", shown=False)
    look_for_covers()
    campaign.refresh_from_db()
    assert (campaign.state, campaign.look_at, purse_of(campaign.owner)) == ("unavailable", None, 30)


def test_nobody_looks_for_the_picture_of_a_closed_campaign(instagram):
    end_campaign(make_campaign().pk)
    assert look_for_covers() == 0


def test_a_worker_that_died_leaves_the_look_to_another_after_its_lease(instagram):
    campaign = make_campaign()
    Campaign.objects.update(look_at=timezone.now() + timedelta(minutes=5))
    assert look_for_covers() == 0
    Campaign.objects.update(look_at=timezone.now() - timedelta(seconds=1))
    assert look_for_covers() == 1
    campaign.refresh_from_db()
    assert campaign.cover_id is not None


def test_a_picture_that_no_campaign_shows_is_forgotten_after_a_day():
    shown, unused, fresh = (keep_cover(PNG + bytes([number])) for number in range(3))
    Cover.objects.exclude(pk=fresh.pk).update(created=timezone.now() - timedelta(days=2))
    Campaign.objects.filter(pk=make_campaign().pk).update(cover=shown)
    assert (forget_covers(), forget_covers()) == (1, 0)
    assert set(Cover.objects.values_list("pk", flat=True)) == {shown.pk, fresh.pk}
