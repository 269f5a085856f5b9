"""Instagram's own wire: what is asked, and every way in which it is answered."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from campaigns.verifiers.base import Picture, TargetGone, TokenRefused, VerifierError, VerifierUnclear
from campaigns.verifiers.instagram import InstagramVerifier
from panel.lib.http import HttpClient
from tests.panel.lib.raw_server import (
    RawServer,
    free_port,
    hang_up,
    http_answer,
    play_and_hang_up,
    reset,
)

APP, PERSON = "app/token+5106fe6", "46569725.5106fe6.31df6ecb062448f8"
CODE, UID = "CA2-Sn_n9YX", "46569725"
IMAGE = "https://cdn.example/1.jpg"
MEDIA = {
    "id": "1130_46",
    "user_has_liked": True,
    "likes": {"count": 2},
    "images": {"standard_resolution": {"url": IMAGE, "width": 640, "height": 640}},
}
LIKES = [{"id": "1", "username": "a"}, {"id": UID, "username": "b"}]
CUT_SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"


@pytest.fixture
def instagram(http):
    """instagram(*plays) starts a server that answers them; gives (verifier, server)."""
    servers = []

    def start(*plays, seconds=5):
        server = RawServer(*plays).__enter__()
        servers.append(server)
        return InstagramVerifier(f"{server.url}/v1/", APP, http, seconds), server

    yield start
    for server in servers:
        server.__exit__()


def told(data, status="200 OK", **meta):
    return http_answer(json.dumps({"meta": {"code": 200} | meta, "data": data}), status)


def refused(error_type, status="400 Bad Request"):
    meta = {"code": 400, "error_type": error_type, "error_message": f"no: {PERSON} {APP}"}
    return http_answer(json.dumps({"meta": meta}), status)


def find(verifier):
    return verifier.find_picture(CODE)


def check_own(verifier):
    return verifier.check_own_like(CODE, PERSON)


def check_of(verifier):
    return verifier.check_like_of(CODE, UID)


ASKS = (find, check_own, check_of)


def trouble(ask, verifier):
    """The exception of a call: its class and reason, in which no token ever is."""
    with pytest.raises(VerifierError) as caught:
        ask(verifier)
    error = caught.value
    assert not any(token in f"{error} {error!r} {error.reason}" for token in (APP, PERSON))
    return type(error), error.reason


def test_a_picture_is_asked_for_with_our_own_token(instagram):
    verifier, server = instagram(told(MEDIA))
    assert find(verifier) == Picture("1130_46", IMAGE)
    [request] = server.requests
    parts = urlsplit(request.target)
    assert (request.method, parts.path) == ("GET", f"/v1/media/shortcode/{CODE}")
    assert parse_qsl(parts.query) == [("access_token", APP)]


@pytest.mark.parametrize("liked", [True, False])
def test_the_persons_own_token_tells_whether_they_like_it(instagram, liked):
    verifier, server = instagram(told(MEDIA | {"user_has_liked": liked}))
    assert check_own(verifier) is liked
    [request] = server.requests
    assert request.target == f"/v1/media/shortcode/{CODE}?access_token={PERSON}"


@pytest.mark.parametrize(
    ("likes", "count", "liked"),
    [
        (LIKES, 2, True),
        (LIKES, 900, True),
        (LIKES[:1], 1, False),
        ([], 0, False),
        ([{"id": int(UID)}], 1, True),
    ],
)
def test_the_list_tells_whether_somebody_likes_it(instagram, likes, count, liked):
    verifier, server = instagram(told(MEDIA | {"likes": {"count": count}}), told(likes))
    assert check_of(verifier) is liked
    paths = [urlsplit(request.target).path for request in server.requests]
    assert paths == [f"/v1/media/shortcode/{CODE}", "/v1/media/1130_46/likes"]
    assert {tuple(parse_qsl(urlsplit(request.target).query)) for request in server.requests} == {
        (("access_token", APP),)
    }


@pytest.mark.parametrize("count", [2, "2", 120_000])
def test_who_is_not_on_a_list_cut_short_may_like_it_all_the_same(instagram, count):
    verifier, _server = instagram(told(MEDIA | {"likes": {"count": count}}), told(LIKES[:1]))
    assert trouble(check_of, verifier) == (VerifierUnclear, "the list of likes is cut short")


@pytest.mark.parametrize("likes", [None, {}, {"count": None}, {"count": "many"}, [2], 5])
def test_a_picture_that_tells_no_count_is_taken_by_its_list(instagram, likes):
    verifier, _server = instagram(told(MEDIA | {"likes": likes}), told(LIKES[:1]))
    assert check_of(verifier) is False


@pytest.mark.parametrize(
    ("images", "url"),
    [
        (None, ""),
        ({}, ""),
        ([], ""),
        ({"standard_resolution": None}, ""),
        ({"standard_resolution": {"url": 5}}, ""),
        ({"standard_resolution": {"url": "javascript:alert(1)"}}, ""),
        ({"standard_resolution": {"url": "file:///etc/passwd"}}, ""),
        ({"standard_resolution": {"url": "https://cdn.example/" + "x" * 2000}}, ""),
        ({"standard_resolution": {"url": "http://cdn.example/1.png"}}, "http://cdn.example/1.png"),
    ],
)
def test_a_picture_without_an_image_that_can_be_fetched(instagram, images, url):
    verifier, _server = instagram(told(MEDIA | {"images": images}))
    assert find(verifier) == Picture("1130_46", url)


@pytest.mark.parametrize("error_type", ["OAuthAccessTokenException", "OAuthAccessTokenError"])
def test_a_token_that_is_over_is_refused_but_ours_proves_nothing(instagram, error_type):
    verifier, _server = instagram(refused(error_type))
    assert trouble(check_own, verifier) == (TokenRefused, error_type)
    for ask in (find, check_of):
        assert trouble(ask, verifier) == (VerifierUnclear, f"HTTP 400 {error_type}")


@pytest.mark.parametrize("token", ["", "x" * 513, "a\nb", "توکن", "a\x00", None, 5, [PERSON]])
def test_what_is_no_token_is_refused_without_a_call(instagram, token):
    verifier, server = instagram(told(MEDIA))
    with pytest.raises(TokenRefused):
        verifier.check_own_like(CODE, token)
    assert server.connections == 0


@pytest.mark.parametrize("error_type", ["APINotFoundError", "APINotAllowedError"])
@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found"])
def test_a_picture_that_is_gone(instagram, error_type, status):
    verifier, _server = instagram(refused(error_type, status))
    assert [trouble(ask, verifier) for ask in ASKS] == [(TargetGone, error_type)] * 3


def test_a_picture_that_goes_between_the_two_questions(instagram):
    verifier, _server = instagram(told(MEDIA), refused("APINotFoundError"))
    assert trouble(check_of, verifier) == (TargetGone, "APINotFoundError")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http_answer("<html>We will be back soon</html>"), "no JSON (HTTP 200)"),
        (http_answer(""), "no JSON (HTTP 200)"),
        (http_answer("{"), "no JSON (HTTP 200)"),
        (http_answer("[" * 100_000), "no JSON (HTTP 200)"),
        (http_answer("<html>404</html>", "404 Not Found"), "no JSON (HTTP 404)"),
        (http_answer("", "500 Internal Server Error"), "no JSON (HTTP 500)"),
        (http_answer("[]"), "HTTP 200"),
        (http_answer("{}"), "HTTP 200"),
        (http_answer(json.dumps({"data": MEDIA})), "HTTP 200"),
        (http_answer(json.dumps({"meta": {}, "data": MEDIA})), "HTTP 200"),
        (http_answer(json.dumps({"meta": {}, "data": []})), "HTTP 200"),
        (http_answer(json.dumps({"meta": [200], "data": MEDIA})), "HTTP 200"),
        (http_answer("{}", "404 Not Found"), "HTTP 404"),
        (told(MEDIA, "302 Found"), "HTTP 302"),
        (told(MEDIA, "503 Service Unavailable"), "HTTP 503"),
        (told(MEDIA, error_type="OAuthPermissionsException"), "HTTP 200 OAuthPermissionsException"),
        (told(MEDIA, error_type=["APINotFoundError"]), "HTTP 200"),
        (refused("OAuthRateLimitException", "429 Too Many Requests"), "HTTP 429 OAuthRateLimitException"),
        (refused(None), "HTTP 400"),
    ],
)
def test_nothing_is_known_after_an_answer_that_is_none(instagram, answer, reason):
    for ask in ASKS:
        verifier, _server = instagram(answer)
        assert trouble(ask, verifier) == (VerifierUnclear, reason)


@pytest.mark.parametrize(("ask", "token"), [(find, APP), (check_own, PERSON), (check_of, APP)])
def test_an_answer_that_repeats_the_token_is_masked(instagram, ask, token):
    verifier, _server = instagram(refused(f"bad {token}"))
    assert trouble(ask, verifier) == (VerifierUnclear, "HTTP 400 bad ***")


@pytest.mark.parametrize(
    "data",
    [None, [], [MEDIA], "liked", {}, MEDIA | {"id": None}, MEDIA | {"id": True}, MEDIA | {"id": "1" * 65}],
)
def test_an_answer_that_names_no_picture(instagram, data):
    for ask in ASKS:
        verifier, _server = instagram(told(data))
        assert trouble(ask, verifier) == (VerifierUnclear, "the answer names no picture")


@pytest.mark.parametrize("liked", [None, 1, "true", [True]])
def test_only_true_and_false_say_whether_it_is_liked(instagram, liked):
    verifier, _server = instagram(told(MEDIA | {"user_has_liked": liked}))
    expected = (VerifierUnclear, "the answer does not say whether it is liked")
    assert trouble(check_own, verifier) == expected


@pytest.mark.parametrize("data", [None, {}, "", {"id": UID}, 5])
def test_a_list_that_is_none_proves_no_unlike(instagram, data):
    verifier, _server = instagram(told(MEDIA), told(data))
    assert trouble(check_of, verifier) == (VerifierUnclear, "the answer is no list of likes")


def test_rows_that_name_nobody_are_passed_over(instagram):
    rows = [None, [], {}, {"id": None}, {"id": {}}, UID]
    verifier, _server = instagram(told(MEDIA | {"likes": {"count": 6}}), told(rows))
    assert check_of(verifier) is False


@pytest.mark.parametrize("play", [reset, hang_up, play_and_hang_up(CUT_SHORT)])
def test_a_broken_answer_is_unclear_and_not_asked_for_again(instagram, play):
    for ask in ASKS:
        verifier, server = instagram(play)
        kind, _reason = trouble(ask, verifier)
        assert (kind, len(server.requests)) == (VerifierUnclear, 1)


def test_an_answer_after_the_deadline_is_unclear(instagram):
    verifier, server = instagram(lambda _socket, _request: server.closing.wait(30), seconds=2)
    assert trouble(check_own, verifier) == (VerifierUnclear, "no complete answer in time")


def test_an_answer_of_more_than_a_megabyte_is_unclear(instagram):
    content = json.dumps({"meta": {"code": 200}, "data": MEDIA})
    verifier, _server = instagram(http_answer(content + " " * 1_000_000))
    expected = (VerifierUnclear, "the answer is larger than 1000000 bytes")
    assert trouble(check_own, verifier) == expected


def test_a_provider_that_is_away_private_or_not_set_up(http):
    away = InstagramVerifier(f"http://127.0.0.1:{free_port()}", APP, http, 5)
    unset = InstagramVerifier("", APP, http, 5)
    with RawServer(told(MEDIA)) as server:
        private = InstagramVerifier(server.url, APP, HttpClient(), 5)
        reasons = [trouble(check_own, verifier) for verifier in (away, private, unset)]
        assert server.connections == 0
    assert reasons == [
        (VerifierUnclear, "the connection was refused"),
        (VerifierUnclear, "the address is not allowed"),
        (VerifierUnclear, "only http and https URLs can be called"),
    ]


def test_no_token_is_logged_however_much_is(instagram, caplog):
    caplog.set_level(0)
    for play in (reset, refused("OAuthAccessTokenException"), told(MEDIA)):
        for ask in (find, check_own):
            verifier, _server = instagram(play)
            try:
                ask(verifier)
            except VerifierError as error:
                assert PERSON not in str(error)
    assert (PERSON in caplog.text, "5106fe6" in caplog.text, APP in repr(verifier)) == (False,) * 3
