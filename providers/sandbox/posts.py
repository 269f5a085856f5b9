"""A source of users' posts at `/posts?username=…`, as subscriptions ask it: newest first, 50 at most.

The beginning of a username says what comes:

| username | answer |
|---|---|
| `gone…` | 404 |
| `busy…` | 503 |
| `slow…` | the posts, after 3 s |
| `garbage…` | a page |
| `quiet…` | never a post |
| `steady…` | a new post every 20 s since the sandbox began |
| any other | what was added |

`POST /posts/{username}` with the form field `link`, and `created` (unix seconds) if it wasn't just now, adds one.
"""

import time
from dataclasses import asdict, replace
from urllib.parse import unquote

from providers.sandbox.fates import SLOW_SECONDS
from providers.sandbox.faults import spoil_answer
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer

MAX_LINK = 2048


def answer_posts(state: State, request: Request) -> Answer:
    """`GET /posts?username=…`."""
    username = dict(request.query_pairs()).get("username", "")
    if not username:
        return json_answer({"error": "username is required"}, 400)
    if username.startswith("gone"):
        return json_answer({"error": "no such user"}, 404)
    if username.startswith("busy"):
        return json_answer({"error": "try again later"}, 503)
    posts = [] if username.startswith("quiet") else state.posts.describe(username, time.time())
    answer = json_answer({"username": username, "posts": posts})
    if username.startswith("garbage"):
        return spoil_answer("html", answer)
    return replace(answer, delay=SLOW_SECONDS) if username.startswith("slow") else answer


def answer_add(state: State, request: Request) -> Answer:
    """`POST /posts/{username}`."""
    form = dict(request.form_pairs())
    link, created = form.get("link", ""), form.get("created", "")
    if not 0 < len(link) <= MAX_LINK:
        return json_answer({"error": "link is required"}, 400)
    if created and not (created.isascii() and created.isdigit() and len(created) < 12):
        return json_answer({"error": "created is unix seconds"}, 400)
    username = unquote(request.path.rpartition("/")[2])
    return json_answer(asdict(state.posts.add(username, link, int(created or time.time()))))
