"""Instagram's API v1 at `/instagram/v1`, as far as the panel asks it, and the pictures it names.

| call | what it answers |
|---|---|
| `GET v1/media/shortcode/{code}?access_token=` | the picture, and whether the token's account likes it |
| `GET v1/media/{id}/likes?access_token=` | everybody known (`instagram_people.py`) who likes it |
| `GET pictures/{id}.png` | the picture itself |

| `access_token` | account |
|---|---|
| `sandbox-app-token` | the client's own, which likes nothing |
| `like-token`, and what a login gave (`instagram_login.py`) | likes everything; a `nolike…` person nothing |
| `nolike-token` | likes nothing |
| `slow-token` | likes everything, answered after 12 s |
| `garbage-token` | answered with a page |
| `gone-token` | `APINotFoundError`, as if it could not see the picture |
| `expired-token`, any other | 400 `OAuthAccessTokenException` |

| the code begins with | picture |
|---|---|
| `gone` | 400 `APINotFoundError` |
| `nopic` | there, but names no image |
| `badpic` | its image is a page |
| `dropped` | liked when the account is asked; nobody is on the list of likes any more |
| `flaky` | HTTP 500 |

The id of a picture is its code with `_1` behind it. Faults of `/control/faults`: `instagram/picture`,
`instagram/likes`, `instagram/token`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from providers.sandbox.fates import LATE_SECONDS
from providers.sandbox.faults import play_call, spoil_answer
from providers.sandbox.instagram_people import Person, find_by_token, list_people
from providers.sandbox.instagram_pictures import draw_picture
from providers.sandbox.state import State
from providers.sandbox.wire import Answer, Request, json_answer

ACTIONS = ("instagram/picture", "instagram/likes")
SLOW, GARBAGE, GONE = "slow-token", "garbage-token", "gone-token"
LIKING = {"sandbox-app-token": False, "nolike-token": False, "like-token": True}
LIKING |= {SLOW: True, GARBAGE: True, GONE: True}
ID_END = "_1"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,100}")


class _Refused(Exception):
    """The call is refused with an error type and words."""


def answer_picture(state: State, request: Request) -> Answer:
    """`GET v1/media/shortcode/{code}`."""
    code = unquote(request.path.rpartition("/")[2])

    def tell(liked: bool) -> Any:
        return {
            "id": f"{code}{ID_END}",
            "type": "image",
            "link": f"https://www.instagram.com/p/{code}/",
            "user_has_liked": liked,
            "likes": {"count": len(_list_likers(state, code))},
            "images": _list_images(request, code),
        }

    return _play(state, request, ACTIONS[0], code, tell)


def answer_likes(state: State, request: Request) -> Answer:
    """`GET v1/media/{id}/likes`."""
    picture_id = unquote(request.path.split("/")[-2])
    code = picture_id.removesuffix(ID_END) if picture_id.endswith(ID_END) else ""

    def tell(liked: bool) -> Any:
        return [{"id": person.uid, "username": person.username} for person in _list_likers(state, code)]

    return _play(state, request, ACTIONS[1], code, tell)


def answer_image(state: State, request: Request) -> Answer:
    """`GET pictures/{id}.png`."""
    name = unquote(request.path.rpartition("/")[2])
    picture_id = name.removesuffix(".png")
    if picture_id == name or not _CODE.fullmatch(picture_id):
        return json_answer({"error": "Not found"}, 404)
    if picture_id.startswith("badpic"):
        return spoil_answer("html", Answer())
    return Answer(draw_picture(picture_id), content_type="image/png")


def refuse(error_type: str, words: str, status: int = 400) -> Answer:
    """A refusal in the envelope."""
    return json_answer({"meta": {"error_type": error_type, "code": status, "error_message": words}}, status)


def _play(state: State, request: Request, action: str, code: str, tell: Callable[[bool], Any]) -> Answer:
    busy = refuse(
        "OAuthRateLimitException", "You have exceeded the maximum number of requests per hour.", 429
    )
    token = dict(request.query_pairs()).get("access_token", "")

    def run() -> Answer:
        try:
            data = tell(_find_liking(state, token, code))
        except _Refused as refusal:
            return refuse(*refusal.args)
        return _spoil(json_answer({"meta": {"code": 200}, "data": data}), token, code)

    return play_call(state.faults, action, busy, run)


def _find_liking(state: State, token: str, code: str) -> bool:
    """Whether the token's account likes the picture. Raises _Refused."""
    person = find_by_token(state.store, token)
    if person is None and token not in LIKING:
        raise _Refused("OAuthAccessTokenException", "The access_token provided is invalid.")
    if not _CODE.fullmatch(code) or code.startswith("gone") or token == GONE:
        raise _Refused("APINotFoundError", "invalid media id")
    return person.likes if person else LIKING[token]


def _spoil(answer: Answer, token: str, code: str) -> Answer:
    if code.startswith("flaky"):
        return spoil_answer("500", answer)
    if token == GARBAGE:
        return spoil_answer("html", answer)
    return replace(answer, delay=LATE_SECONDS) if token == SLOW else answer


def _list_likers(state: State, code: str) -> list[Person]:
    people = [] if code.startswith("dropped") else list_people(state.store)
    return [person for person in people if person.likes]


def _list_images(request: Request, code: str) -> dict[str, Any]:
    host = request.headers.get("Host", "")
    if code.startswith("nopic") or not _HOST.fullmatch(host):
        return {}
    url = f"http://{host}/instagram/pictures/{quote(code + ID_END)}.png"
    return {"standard_resolution": {"url": url, "width": 320, "height": 320}}
