"""Where a username's posts come from: an endpoint of the settings, which answers

`{"posts": [{"id": "…", "link": "https://…", "created": unix seconds}, …]}` for `GET …?username=NAME`, 404 for a
username nobody has.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote

from django.conf import settings

from panel.lib.http import HttpError
from panel.lib.http.reading import Unreadable, read_json, read_whole
from panel.lib.outbound import outbound_client

MAX_ID = 128
MAX_SECONDS = 2**33


@dataclass(frozen=True, slots=True)
class Post:
    """One post; `created` is when it was published."""

    id: str
    link: str
    created: datetime


class PostsUnknown(Exception):
    """The posts couldn't be had now: no endpoint, no answer in time, or none that can be read."""


class UsernameUnknown(Exception):
    """The source says that there is no such username, or that it is private."""


class PostSource(Protocol):
    """Tells the posts of a username."""

    def list_posts(self, username: str) -> list[Post]:
        """Its latest posts in any order. Raises PostsUnknown, UsernameUnknown."""


class HttpPostSource:
    """The endpoint at `url`, called with the bearer `token` where there is one."""

    def __init__(self, url, client, token="", seconds=10.0):
        self._url, self._client, self._token, self._seconds = url, client, token, seconds

    def list_posts(self, username):
        """See PostSource. An entry that can't be read is left out: it is there at the next look."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        url = f"{self._url}?username={quote(username, safe='')}"
        try:
            answer = self._client.send("GET", url, headers=headers, total_seconds=self._seconds)
            if answer.status == 404:
                raise UsernameUnknown
            content = read_json(answer.body) if answer.status == 200 else None
        except (HttpError, Unreadable) as error:
            raise PostsUnknown(type(error).__name__) from error
        rows = content.get("posts") if isinstance(content, dict) else None
        if not isinstance(rows, list):
            raise PostsUnknown(f"HTTP {answer.status} without posts")
        return [post for post in map(_read_post, rows) if post is not None]


def open_post_source():
    """The PostSource of the settings, or None where there is none."""
    if not settings.POSTS_URL:
        return None
    return HttpPostSource(
        settings.POSTS_URL, outbound_client(), settings.POSTS_TOKEN, settings.POSTS_DEADLINE_SECONDS
    )


def _read_post(row):
    if not isinstance(row, dict):
        return None
    post_id, link, seconds = row.get("id"), row.get("link"), read_whole(row.get("created"))
    name = str(post_id) if isinstance(post_id, int | str) and not isinstance(post_id, bool) else ""
    if not 0 < len(name) <= MAX_ID or not name.isprintable() or not isinstance(link, str):
        return None
    if seconds is None or not 0 < seconds < MAX_SECONDS:
        return None
    return Post(name, link, datetime.fromtimestamp(seconds, UTC))
