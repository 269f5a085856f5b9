"""The posts that the played post source knows, in memory. Times are unix seconds."""

import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

STEADY_SECONDS = 20
LISTED = 50


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a user."""

    id: str
    link: str
    created: int


class PostLists:
    """Posts by user, those that were added and those of steady users, safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._added: dict[str, list[Post]] = {}
        self._last_id = 0
        self.began = time.time()

    def add(self, username: str, link: str, created: int) -> Post:
        """Add a post; ids go on after `clear`, so that one of before never names something new."""
        with self._lock:
            self._last_id += 1
            post = Post(str(self._last_id), link, created)
            self._added.setdefault(username, []).append(post)
            return post

    def describe(self, username: str, now: float) -> list[dict[str, Any]]:
        """The user's newest posts, newest first."""
        with self._lock:
            posts = list(reversed(self._added.get(username, [])))
        if username.startswith("steady"):
            posts += self._list_steady(username, now)
        posts.sort(key=lambda post: post.created, reverse=True)
        return [asdict(post) for post in posts[:LISTED]]

    def clear(self) -> None:
        """Forget every added post; steady users begin anew."""
        with self._lock:
            self._added.clear()
            self.began = time.time()

    def _list_steady(self, username: str, now: float) -> list[Post]:
        # Numbered by the clock, so that a sandbox started anew gives the same post the same id.
        first, last = int(self.began // STEADY_SECONDS), int(now // STEADY_SECONDS)
        return [
            Post(f"s{slot}", f"https://example.com/p/{username}-{slot}", slot * STEADY_SECONDS)
            for slot in range(last, max(first, last - LISTED), -1)
        ]
