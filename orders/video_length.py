"""How long a video is, as its site tells: for services that need more than so many seconds of it."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from panel.lib.http import HttpError
from panel.lib.http.reading import Unreadable, read_json, read_whole
from panel.lib.outbound import outbound_client

_HOSTS = ("aparat.com", "www.aparat.com", "m.aparat.com")
_PATH = re.compile(r"/v/([A-Za-z0-9]{3,32})(/.*)?")


class LengthUnknown(Exception):
    """The length couldn't be had: no video's link, no such video, or no answer in time."""


def is_known_site(link):
    """Whether the link is at a site that can be asked for the lengths of its videos."""
    return urlsplit(link).hostname in _HOSTS


def find_video_seconds(link):
    """The length in seconds of the Aparat video at `link`. Raises LengthUnknown.

    Asked of settings.APARAT_URL, within settings.VIDEO_LENGTH_SECONDS.
    """
    parts = urlsplit(link)
    found = _PATH.fullmatch(parts.path)
    if not is_known_site(link) or found is None or not settings.APARAT_URL:
        raise LengthUnknown
    url = f"{settings.APARAT_URL.rstrip('/')}/etc/api/video/videohash/{found[1]}"
    try:
        answer = outbound_client().send("GET", url, total_seconds=settings.VIDEO_LENGTH_SECONDS)
        content = read_json(answer.body)
    except (HttpError, Unreadable) as error:
        raise LengthUnknown from error
    video = content.get("video") if answer.status == 200 and isinstance(content, dict) else None
    seconds = read_whole(video.get("duration")) if isinstance(video, dict) else None
    if seconds is None or seconds < 0:
        raise LengthUnknown
    return seconds
