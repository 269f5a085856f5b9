"""Instagram's API v1: `media/shortcode/{code}` says whether the token's account likes a picture.

Answers are `{"meta": {"code": …, "error_type": …}, "data": …}`. The address is a setting: whoever offers the same
calls can take Instagram's place.
"""

from urllib.parse import quote, urlencode

from campaigns.verifiers.base import LikeVerifier, Picture, TargetGone, TokenRefused, VerifierUnclear
from panel.lib.http import MaybeSent, NotSent, excerpt
from panel.lib.http.reading import Unreadable, read_json, read_text, read_whole

TOKEN_ERRORS = ("OAuthAccessTokenException", "OAuthAccessTokenError")
GONE_ERRORS = ("APINotFoundError", "APINotAllowedError")
LONGEST_TOKEN = 512
LONGEST_ID = 64
ANSWER_BYTES = 1_000_000


class InstagramVerifier(LikeVerifier):
    """`url` is where the API's paths begin, `app_token` our own, `http` an HttpClient, `seconds` bound each call."""

    name = "instagram"

    def __init__(self, url, app_token, http, seconds):
        self._url = url.rstrip("/")
        self._app_token = app_token
        self._http = http
        self._seconds = seconds

    def find_picture(self, code):
        """`GET media/shortcode/{code}`."""
        return self._find(code, self._app_token)[0]

    def check_own_like(self, code, access_token):
        """`GET media/shortcode/{code}` with the person's token: `user_has_liked`."""
        if not _is_token(access_token):
            raise TokenRefused("not an access token")
        data = self._find(code, access_token)[1]
        liked = data.get("user_has_liked")
        if not isinstance(liked, bool):
            raise VerifierUnclear("the answer does not say whether it is liked")
        return liked

    def check_like_of(self, code, uid):
        """`GET media/{id}/likes`, after the picture's id was asked.

        The list holds the newest likes alone: where it is shorter than the picture's count, who is not on it may
        like it all the same.
        """
        picture, shown = self._find(code, self._app_token)
        data = self._ask(f"media/{quote(picture.id, safe='')}/likes", self._app_token)
        if not isinstance(data, list):
            raise VerifierUnclear("the answer is no list of likes")
        if any(isinstance(row, dict) and str(row.get("id")) == uid for row in data):
            return True
        if _read_count(shown.get("likes")) > len(data):
            raise VerifierUnclear("the list of likes is cut short")
        return False

    def _find(self, code, token):
        """(Picture, the answer's data)."""
        data = self._ask(f"media/shortcode/{quote(code, safe='')}", token)
        picture_id = read_text(data.get("id"), LONGEST_ID + 1) if isinstance(data, dict) else ""
        if not picture_id or len(picture_id) > LONGEST_ID:
            raise VerifierUnclear("the answer names no picture")
        return Picture(picture_id, _read_image(data.get("images"))), data

    def _ask(self, path, token):
        query = urlencode({"access_token": token})
        try:
            answer = self._http.send(
                "GET",
                f"{self._url}/{path}?{query}",
                headers={"Accept": "application/json"},
                total_seconds=self._seconds,
                body_bytes=ANSWER_BYTES,
            )
        except (NotSent, MaybeSent) as error:
            raise VerifierUnclear(error.reason) from error
        try:
            content = read_json(answer.body)
        except Unreadable as error:
            raise VerifierUnclear(f"no JSON (HTTP {answer.status})") from error
        meta = content.get("meta") if isinstance(content, dict) else None
        meta = meta if isinstance(meta, dict) else {}
        error_type = meta.get("error_type")
        # An answer that lost its parts on the way must not read as "nobody likes it".
        if answer.status == 200 and error_type is None and meta.get("code") == 200:
            return content.get("data")
        if error_type in TOKEN_ERRORS and token != self._app_token:
            raise TokenRefused(error_type)
        if error_type in GONE_ERRORS:
            raise TargetGone(error_type)
        told = excerpt(error_type, (token, self._app_token), 64) if isinstance(error_type, str) else ""
        raise VerifierUnclear(f"HTTP {answer.status} {told}".strip())


def _is_token(value):
    return (
        isinstance(value, str) and 0 < len(value) <= LONGEST_TOKEN and value.isascii() and value.isprintable()
    )


def _read_count(likes):
    return (read_whole(likes.get("count")) or 0) if isinstance(likes, dict) else 0


def _read_image(images):
    best = images.get("standard_resolution") if isinstance(images, dict) else None
    url = best.get("url") if isinstance(best, dict) else None
    return (
        url if isinstance(url, str) and url.startswith(("https://", "http://")) and len(url) <= 2000 else ""
    )
