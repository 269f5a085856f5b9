"""Pictures of campaigns: fetched from the provider by a worker, checked, kept and served by us.

A browser never loads anything from the provider. What is kept is only what a browser shows as a picture and nothing
else: the type is told by its first bytes, and it is served under that type alone.
"""

import hashlib
import logging
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from campaigns.models import Campaign, Cover
from campaigns.states import mark_gone
from campaigns.verifiers.base import TargetGone, VerifierError
from campaigns.verifiers.opening import open_verifier
from panel.lib.http import MaybeSent, NotSent
from panel.lib.outbound import outbound_client

log = logging.getLogger(__name__)
CLAIM_SIZE = 10
LEASE = timedelta(minutes=5)
UNUSED = timedelta(days=1)
RUN_SECONDS = 50
WAIT_MINUTES = (1, 5, 30, 120, 720)
STARTS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"))


class NoPicture(Exception):
    """What was fetched is no picture that can be kept."""


def look_for_covers():
    """Fetch the picture of every campaign that is due; returns how many were looked at."""
    stop, looked = monotonic() + RUN_SECONDS, 0
    while monotonic() < stop and (campaigns := _claim()):
        for campaign in campaigns:
            _look(campaign)
        looked += len(campaigns)
    return looked


def find_cover(digest):
    """The Cover under that digest, or None."""
    return Cover.objects.filter(pk=digest).first()


def name_type(content):
    """The media type of a picture by its first bytes. Raises NoPicture."""
    for start, media_type in STARTS:
        if content.startswith(start):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise NoPicture("not a JPEG, PNG, GIF or WebP picture")


def keep_cover(content):
    """The Cover of these bytes, stored once. Raises NoPicture."""
    media_type = name_type(content)
    digest = hashlib.sha256(content).hexdigest()
    return Cover.objects.get_or_create(
        digest=digest, defaults={"content_type": media_type, "content": content}
    )[0]


def forget_covers():
    """Delete pictures that no campaign shows any more; returns how many. A new one is left alone for UNUSED."""
    shown = Campaign.objects.filter(cover=OuterRef("pk"))
    unused = Cover.objects.filter(~Exists(shown), created__lt=timezone.now() - UNUSED)
    return unused.delete()[0]


def _claim():
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Campaign.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(look_at__lte=now)
            .order_by("look_at")[:CLAIM_SIZE]
        )
        Campaign.objects.filter(pk__in=[row.pk for row in rows]).update(look_at=now + LEASE)
    return rows


def _look(campaign):
    try:
        picture = open_verifier().find_picture(campaign.target_code)
        cover = keep_cover(_fetch(picture.image_url))
    except TargetGone:
        mark_gone(campaign.pk)
    except (VerifierError, NotSent, MaybeSent, NoPicture) as error:
        log.info("campaign %s has no picture yet: %s", campaign.pk, error)
        _put_off(campaign)
    else:
        Campaign.objects.filter(pk=campaign.pk).update(cover=cover, target_id=picture.id, look_at=None)


def _fetch(url):
    """The bytes behind a picture's address, if it may be called. Raises NotSent, MaybeSent, NoPicture."""
    if not url:
        raise NoPicture("the provider names no picture")
    answer = outbound_client().send(
        "GET", url, total_seconds=settings.LIKE_CHECK_SECONDS, body_bytes=settings.COVER_BYTES
    )
    if answer.status != 200:
        raise NoPicture(f"HTTP {answer.status}")
    return answer.body


def _put_off(campaign):
    looks = campaign.looks + 1
    over = looks > len(WAIT_MINUTES)
    look_at = None if over else timezone.now() + timedelta(minutes=WAIT_MINUTES[looks - 1])
    Campaign.objects.filter(pk=campaign.pk, look_at__isnull=False).update(looks=looks, look_at=look_at)
