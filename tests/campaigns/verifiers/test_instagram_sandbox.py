"""The verifier against the Instagram that the sandbox plays: every magic word of its table."""

import pytest
import requests

from campaigns.verifiers.base import Picture, TargetGone, TokenRefused, VerifierError, VerifierUnclear
from campaigns.verifiers.instagram import InstagramVerifier

CODE = "CA2-Sn_n9YX"


@pytest.fixture
def connect(sandbox, http):
    """connect() gives a verifier of the sandbox's Instagram."""

    def make(token="sandbox-app-token", seconds=5):  # noqa: S107 - the sandbox's
        return InstagramVerifier(f"{sandbox.url}/instagram/v1", token, http, seconds)

    return make


def outcome(ask, *args):
    """What a question gives, or the class of its exception."""
    try:
        return ask(*args)
    except VerifierError as error:
        return type(error)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("like-token", True),
        ("nolike-token", False),
        ("expired-token", TokenRefused),
        ("nobody's", TokenRefused),
        ("garbage-token", VerifierUnclear),
        ("gone-token", TargetGone),
    ],
)
def test_tokens(connect, token, expected):
    assert outcome(connect().check_own_like, CODE, token) is expected


def test_a_token_that_answers_after_the_deadline(connect):
    assert outcome(connect(seconds=2).check_own_like, CODE, "slow-token") is VerifierUnclear


@pytest.mark.parametrize(
    ("code", "own", "of"),
    [
        (CODE, True, True),
        ("dropped12", True, False),
        ("gone12", TargetGone, TargetGone),
        ("flaky12", VerifierUnclear, VerifierUnclear),
        ("nopic12", True, True),
    ],
)
def test_codes(connect, code, own, of):
    verifier = connect()
    assert outcome(verifier.check_own_like, code, "like-token") is own
    assert outcome(verifier.check_like_of, code, "46569725") is of


def test_people_who_were_added_like_it_and_others_do_not(sandbox, connect):
    verifier = connect()
    assert verifier.check_like_of(CODE, "77") is False
    sandbox.add_person("77", "ali")
    assert verifier.check_like_of(CODE, "77") is True


def test_our_own_token_that_is_over_proves_nothing(connect):
    verifier = connect("expired-token")
    asked = [outcome(verifier.find_picture, CODE), outcome(verifier.check_like_of, CODE, "46569725")]
    assert asked == [VerifierUnclear] * 2


@pytest.mark.parametrize("code", [CODE, "badpic12"])
def test_a_picture_can_be_fetched_where_it_is_said_to_be(sandbox, connect, code):
    picture = connect().find_picture(code)
    assert picture == Picture(f"{code}_1", f"{sandbox.url}/instagram/pictures/{code}_1.png")
    is_png = requests.get(picture.image_url, timeout=10).content.startswith(b"\x89PNG")
    assert is_png is (code == CODE)


def test_a_picture_that_names_no_image(connect):
    assert connect().find_picture("nopic12") == Picture("nopic12_1", "")


@pytest.mark.parametrize(
    "kind", ["html", "truncated", "list", "huge", "empty", "hollow", "500", "429", "reset"]
)
@pytest.mark.parametrize("action", ["instagram/picture", "instagram/likes"])
def test_a_fault_takes_no_like_away(sandbox, connect, action, kind):
    verifier = connect()
    sandbox.set_fault(action, kind)
    asked = [outcome(verifier.check_like_of, CODE, "46569725") for _ in range(2)]
    assert asked == [VerifierUnclear, True]
